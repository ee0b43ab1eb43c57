package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operators and their precedence (sync config 4.2), by precedence climbing. Operands are read by
 * {@link OperandParser}.
 */
final class ExpressionParser {
  /** How deep parentheses, calls and queries may nest. */
  private static final int MAX_NESTING = 200;

  /** How high a tree may get: whoever walks it recurses, also along {@code a OR b OR c ...}. */
  private static final int MAX_HEIGHT = 1000;

  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int EQUALITY = 4;
  private static final int IS = 5;
  private static final int ORDER = 6;
  private static final int BETWEEN = 7;
  private static final int BITS = 8;
  private static final int LIKE = 9;
  private static final int IN = 10;
  private static final int SUM = 11;
  private static final int PRODUCT = 12;
  private static final int POWER = 13;
  private static final int SIGN = 14;
  private static final int MEMBER = 15;

  private record Infix(int level, BinaryOperator operator) {}

  private static final Map<String, Infix> WORDS =
      Map.of(
          "or", new Infix(OR, BinaryOperator.OR),
          "and", new Infix(AND, BinaryOperator.AND),
          "like", new Infix(LIKE, BinaryOperator.LIKE),
          "ilike", new Infix(LIKE, BinaryOperator.ILIKE));

  private static final Map<String, Infix> SYMBOLS =
      Map.ofEntries(
          Map.entry("=", new Infix(EQUALITY, BinaryOperator.EQUAL)),
          Map.entry("!=", new Infix(EQUALITY, BinaryOperator.NOT_EQUAL)),
          Map.entry("<>", new Infix(EQUALITY, BinaryOperator.NOT_EQUAL)),
          Map.entry("<", new Infix(ORDER, BinaryOperator.LESS)),
          Map.entry("<=", new Infix(ORDER, BinaryOperator.LESS_OR_EQUAL)),
          Map.entry(">", new Infix(ORDER, BinaryOperator.GREATER)),
          Map.entry(">=", new Infix(ORDER, BinaryOperator.GREATER_OR_EQUAL)),
          Map.entry("<<", new Infix(ORDER, BinaryOperator.SHIFT_LEFT)),
          Map.entry(">>", new Infix(ORDER, BinaryOperator.SHIFT_RIGHT)),
          Map.entry("|", new Infix(BITS, BinaryOperator.BIT_OR)),
          Map.entry("&", new Infix(BITS, BinaryOperator.BIT_AND)),
          Map.entry("+", new Infix(SUM, BinaryOperator.ADD)),
          Map.entry("-", new Infix(SUM, BinaryOperator.SUBTRACT)),
          Map.entry("||", new Infix(SUM, BinaryOperator.CONCATENATE)),
          Map.entry("&&", new Infix(SUM, BinaryOperator.OVERLAPS)),
          Map.entry("*", new Infix(PRODUCT, BinaryOperator.MULTIPLY)),
          Map.entry("/", new Infix(PRODUCT, BinaryOperator.DIVIDE)),
          Map.entry("%", new Infix(PRODUCT, BinaryOperator.REMAINDER)),
          Map.entry("^", new Infix(POWER, BinaryOperator.POWER)));

  private final TokenCursor cursor;
  private final OperandParser operands;
  private int nesting;

  /** The highest tree among those read since it was last reset. */
  private int height;

  ExpressionParser(TokenCursor cursor, StatementParser statements) {
    this.cursor = cursor;
    this.operands = new OperandParser(cursor, this, statements);
  }

  Expression expression() throws SqlSyntaxException {
    return expression(OR);
  }

  /** {@code *}, {@code table.*} or an expression. */
  Expression expressionOrStar() throws SqlSyntaxException {
    if (cursor.atSymbol("*")) {
      return new Expression.Star(Optional.empty(), cursor.take().span());
    }
    if (cursor.peek().isName() && cursor.peek(1).isSymbol(".") && cursor.peek(2).isSymbol("*")) {
      Identifier table = cursor.expectName();
      cursor.take();
      Span span = table.span().to(cursor.take().span());
      return new Expression.Star(Optional.of(table), span);
    }
    return expression();
  }

  /** {@code expression, ...}; at least one. */
  List<Expression> expressions() throws SqlSyntaxException {
    List<Expression> items = new ArrayList<>();
    do {
      items.add(expression());
    } while (cursor.takeSymbol(","));
    return items;
  }

  /** Counts one level of nesting, for whoever reads queries in parentheses. */
  void enter() throws SqlSyntaxException {
    if (++nesting > MAX_NESTING) {
      throw tooDeep();
    }
  }

  void leave() {
    nesting--;
  }

  /** Reads operators of this level and those that bind tighter. */
  private Expression expression(int loosest) throws SqlSyntaxException {
    enter();
    int siblings = height;
    height = 0;
    // An operator cannot take an operand which binds looser: a IS NULL < 1 is an error.
    int ceiling = prefixLevel(loosest);
    Expression left = prefixed(ceiling);
    int own = height + 1;
    int level = nextLevel();
    while (level >= loosest && level <= ceiling) {
      height = 0;
      left = infix(left, level);
      own = Math.max(own, height) + 1;
      if (own > MAX_HEIGHT) {
        throw tooDeep();
      }
      ceiling = level;
      level = nextLevel();
    }
    height = Math.max(siblings, own);
    leave();
    return left;
  }

  private SqlSyntaxException tooDeep() {
    return new SqlSyntaxException(
        "The expression is nested too deeply; split the query", cursor.peek().span());
  }

  /** The level of the prefix ahead; that of the tightest operator when there is none. */
  private int prefixLevel(int loosest) {
    Token token = cursor.peek();
    if (loosest <= NOT && token.isWord("not")) {
      return NOT;
    }
    boolean sign = token.isSymbol("-") || token.isSymbol("+");
    return loosest <= SIGN && sign ? SIGN : MEMBER;
  }

  private Expression prefixed(int level) throws SqlSyntaxException {
    return switch (level) {
      case NOT -> unary(UnaryOperator.NOT, NOT);
      case SIGN -> unary(cursor.atSymbol("-") ? UnaryOperator.MINUS : UnaryOperator.PLUS, SIGN);
      default -> operands.operand();
    };
  }

  private Expression unary(UnaryOperator operator, int level) throws SqlSyntaxException {
    Token start = cursor.take();
    Expression operand = expression(level);
    return new Expression.Unary(operator, operand, start.span().to(operand.span()));
  }

  /** The level of the operator ahead, or 0 when there is none. */
  private int nextLevel() {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case WORD, RESERVED -> wordLevel(token.isWord("not") ? cursor.peek(1) : token, token);
      case SYMBOL -> symbolLevel(token.text());
      default -> 0;
    };
  }

  private static int wordLevel(Token operator, Token first) {
    boolean negated = operator != first;
    return switch (operator.text()) {
      case "in" -> IN;
      case "between" -> BETWEEN;
      case "like", "ilike" -> LIKE;
      case "is", "isnull", "notnull" -> negated ? 0 : IS;
      case "and" -> negated ? 0 : AND;
      case "or" -> negated ? 0 : OR;
      default -> 0;
    };
  }

  private static int symbolLevel(String symbol) {
    Infix infix = SYMBOLS.get(symbol);
    if (infix != null) {
      return infix.level();
    }
    return switch (symbol) {
      case "->", "->>", "::", "[" -> MEMBER;
      default -> 0;
    };
  }

  private Expression infix(Expression left, int level) throws SqlSyntaxException {
    return switch (level) {
      case IS -> is(left);
      case BETWEEN -> between(left);
      case IN -> in(left);
      case LIKE -> like(left);
      case MEMBER -> member(left);
      default -> {
        Token token = cursor.take();
        Infix infix =
            token.kind() == Token.Kind.SYMBOL ? SYMBOLS.get(token.text()) : WORDS.get(token.text());
        yield binary(infix.operator(), left, expression(level + 1));
      }
    };
  }

  private static Expression binary(BinaryOperator operator, Expression left, Expression right) {
    return new Expression.Binary(operator, left, right, left.span().to(right.span()));
  }

  private Expression is(Expression left) throws SqlSyntaxException {
    if (cursor.takeWord("isnull") || cursor.takeWord("notnull")) {
      Token word = cursor.previous();
      return new Expression.Is(
          left, word.isWord("notnull"), Expression.Is.Tested.NULL, left.span().to(word.span()));
    }
    cursor.expectWord("is");
    boolean negated = cursor.takeWord("not");
    Expression.Is.Tested tested;
    if (cursor.takeWord("null")) {
      tested = Expression.Is.Tested.NULL;
    } else if (cursor.takeWord("true")) {
      tested = Expression.Is.Tested.TRUE;
    } else {
      cursor.expectWord("false");
      tested = Expression.Is.Tested.FALSE;
    }
    return new Expression.Is(left, negated, tested, left.span().to(cursor.previous().span()));
  }

  private Expression between(Expression left) throws SqlSyntaxException {
    boolean negated = cursor.takeWord("not");
    cursor.expectWord("between");
    Expression low = expression(BITS);
    cursor.expectWord("and");
    Expression high = expression(BITS);
    return new Expression.Between(left, negated, low, high, left.span().to(high.span()));
  }

  private Expression in(Expression left) throws SqlSyntaxException {
    boolean negated = cursor.takeWord("not");
    cursor.expectWord("in");
    Expression candidates = expression(SUM);
    return new Expression.In(left, negated, candidates, left.span().to(candidates.span()));
  }

  private Expression like(Expression left) throws SqlSyntaxException {
    boolean negated = cursor.takeWord("not");
    boolean ignoringCase = cursor.take().isWord("ilike");
    BinaryOperator operator =
        ignoringCase
            ? (negated ? BinaryOperator.NOT_ILIKE : BinaryOperator.ILIKE)
            : (negated ? BinaryOperator.NOT_LIKE : BinaryOperator.LIKE);
    return binary(operator, left, expression(IN));
  }

  private Expression member(Expression left) throws SqlSyntaxException {
    Token operator = cursor.take();
    return switch (operator.text()) {
      case "::" -> {
        TypeName type = operands.typeName();
        yield new Expression.Cast(left, type, left.span().to(type.span()));
      }
      case "[" -> {
        Expression index = expression();
        Span span = left.span().to(cursor.expectSymbol("]").span());
        yield new Expression.Element(left, index, span);
      }
      default -> {
        Expression.Literal key = operands.memberKey();
        yield new Expression.Member(
            left, key, operator.isSymbol("->>"), left.span().to(key.span()));
      }
    };
  }
}
