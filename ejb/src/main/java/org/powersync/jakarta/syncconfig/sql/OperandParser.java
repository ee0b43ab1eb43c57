package org.powersync.jakarta.syncconfig.sql;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What operators work on: literals, names, casts, {@code CASE}, and things in parentheses. */
final class OperandParser {
  /** How many digits of a number are read: more would take quadratic time and mean nothing. */
  private static final int MAX_DIGITS = 1000;

  private static final Set<String> ZONED_TYPES = Set.of("time", "timestamp");

  private final TokenCursor cursor;
  private final ExpressionParser expressions;
  private final StatementParser statements;
  private final CallParser calls;

  OperandParser(TokenCursor cursor, ExpressionParser expressions, StatementParser statements) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.statements = statements;
    this.calls = new CallParser(cursor, expressions, statements);
  }

  Expression operand() throws SqlSyntaxException {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case TEXT, INTEGER, REAL -> literal();
      case PARAMETER -> new Expression.Parameter(parameterNumber(token), cursor.take().span());
      case WORD, QUOTED_NAME -> named();
      case RESERVED -> reserved(token);
      case SYMBOL -> {
        if (!token.isSymbol("(")) {
          throw cursor.unexpected();
        }
        yield parenthesised();
      }
      case INVALID, END -> throw cursor.unexpected();
    };
  }

  /** What stands right of {@code ->}: a text or a whole number. */
  Expression.Literal memberKey() throws SqlSyntaxException {
    return switch (cursor.peek().kind()) {
      case TEXT, INTEGER -> literal();
      default -> throw cursor.unexpected();
    };
  }

  private Expression.Literal literal() throws SqlSyntaxException {
    Token token = cursor.take();
    if (token.kind() == Token.Kind.TEXT) {
      return new Expression.TextLiteral(token.text(), token.span());
    }
    if (token.text().length() > MAX_DIGITS) {
      throw new SqlSyntaxException("The number has too many digits", token.span());
    }
    return token.kind() == Token.Kind.INTEGER
        ? new Expression.IntegerLiteral(new BigInteger(token.text()), token.span())
        : new Expression.RealLiteral(Double.parseDouble(token.text()), token.span());
  }

  private static int parameterNumber(Token token) throws SqlSyntaxException {
    if (token.text().length() > 9) {
      throw new SqlSyntaxException("The parameter number is too large", token.span());
    }
    return Integer.parseInt(token.text());
  }

  private Expression reserved(Token token) throws SqlSyntaxException {
    if (ReservedWords.isValue(token)) {
      return valueKeyword();
    }
    if (ReservedWords.isFunction(token) && cursor.peek(1).isSymbol("(")) {
      return calls.call(Optional.empty(), TokenCursor.identifier(cursor.take()));
    }
    return switch (token.text()) {
      case "null" -> new Expression.NullLiteral(cursor.take().span());
      case "true" -> new Expression.BooleanLiteral(true, cursor.take().span());
      case "false" -> new Expression.BooleanLiteral(false, cursor.take().span());
      case "case" -> caseExpression();
      case "cast" -> cast();
      case "array" -> array();
      default -> throw cursor.unexpected();
    };
  }

  private Expression valueKeyword() throws SqlSyntaxException {
    Token word = cursor.take();
    Span span = word.span();
    if (cursor.takeSymbol("(")) {
      if (cursor.peek().kind() != Token.Kind.INTEGER) {
        throw cursor.unexpected();
      }
      cursor.take();
      span = span.to(cursor.expectSymbol(")").span());
    }
    return new Expression.ValueKeyword(word.text(), span);
  }

  private Expression parenthesised() throws SqlSyntaxException {
    cursor.expectSymbol("(");
    if (statements.atQuery()) {
      expressions.enter();
      Statement query = statements.query();
      expressions.leave();
      cursor.expectSymbol(")");
      return new Expression.Subquery(query, query.span());
    }
    List<Expression> items = expressions.expressions();
    cursor.expectSymbol(")");
    Expression first = items.get(0);
    return items.size() == 1
        ? first
        : new Expression.ListOf(items, first.span().to(items.get(items.size() - 1).span()));
  }

  private Expression array() throws SqlSyntaxException {
    Token start = cursor.take();
    cursor.expectSymbol("[");
    List<Expression> items = cursor.atSymbol("]") ? List.of() : expressions.expressions();
    Span span = start.span().to(cursor.expectSymbol("]").span());
    return new Expression.ArrayOf(items, span);
  }

  private Expression row() throws SqlSyntaxException {
    Token start = cursor.take();
    cursor.expectSymbol("(");
    List<Expression> items = cursor.atSymbol(")") ? List.of() : expressions.expressions();
    Span span = start.span().to(cursor.expectSymbol(")").span());
    return new Expression.RowOf(items, span);
  }

  private Expression caseExpression() throws SqlSyntaxException {
    Token start = cursor.take();
    Optional<Expression> subject =
        cursor.atWord("when") ? Optional.empty() : Optional.of(expressions.expression());
    List<Expression.Case.Branch> branches = new ArrayList<>();
    do {
      cursor.expectWord("when");
      Expression condition = expressions.expression();
      cursor.expectWord("then");
      branches.add(new Expression.Case.Branch(condition, expressions.expression()));
    } while (cursor.atWord("when"));
    Optional<Expression> otherwise =
        cursor.takeWord("else") ? Optional.of(expressions.expression()) : Optional.empty();
    Span span = start.span().to(cursor.expectWord("end").span());
    return new Expression.Case(subject, branches, otherwise, span);
  }

  private Expression cast() throws SqlSyntaxException {
    Token start = cursor.take();
    cursor.expectSymbol("(");
    Expression operand = expressions.expression();
    cursor.expectWord("as");
    TypeName type = typeName();
    Span span = start.span().to(cursor.expectSymbol(")").span());
    return new Expression.Cast(operand, type, span);
  }

  private Expression named() throws SqlSyntaxException {
    if (cursor.atWord("row") && cursor.peek(1).isSymbol("(")) {
      return row();
    }
    Identifier first = cursor.expectName();
    if (cursor.peek().kind() == Token.Kind.TEXT) {
      Expression text = literal();
      TypeName type = new TypeName(first.name(), first.span());
      return new Expression.Cast(text, type, first.span().to(text.span()));
    }
    if (cursor.atSymbol("(")) {
      return calls.call(Optional.empty(), first);
    }
    if (!cursor.takeSymbol(".")) {
      return new Expression.ColumnReference(
          Optional.empty(), Optional.empty(), first, first.span());
    }
    Identifier second = cursor.expectName();
    if (cursor.atSymbol("(")) {
      return calls.call(Optional.of(first), second);
    }
    Span span = first.span().to(second.span());
    if (!cursor.takeSymbol(".")) {
      return new Expression.ColumnReference(Optional.empty(), Optional.of(first), second, span);
    }
    Identifier third = cursor.expectName();
    return new Expression.ColumnReference(
        Optional.of(first), Optional.of(second), third, span.to(third.span()));
  }

  /** {@code text}, {@code schema.name}, {@code varchar(10)}, {@code timestamp with time zone}. */
  TypeName typeName() throws SqlSyntaxException {
    Identifier first = cursor.expectName();
    StringBuilder name = new StringBuilder(first.name());
    if (cursor.takeSymbol(".")) {
      name.append('.').append(cursor.expectName().name());
    } else if (first.name().equals("double") && cursor.takeWord("precision")) {
      name.append(" precision");
    } else if (first.name().equals("character") && cursor.takeWord("varying")) {
      name.append(" varying");
    }
    if (cursor.takeSymbol("(")) {
      name.append('(').append(wholeNumber());
      while (cursor.takeSymbol(",")) {
        name.append(", ").append(wholeNumber());
      }
      name.append(')');
      cursor.expectSymbol(")");
    }
    if (ZONED_TYPES.contains(first.name())
        && (cursor.atWord("with") || cursor.atWord("without"))
        && cursor.peek(1).isWord("time")) {
      name.append(' ').append(cursor.take().text());
      cursor.expectWord("time");
      cursor.expectWord("zone");
      name.append(" time zone");
    }
    while (cursor.atSymbol("[") && cursor.peek(1).isSymbol("]")) {
      cursor.take();
      cursor.take();
      name.append("[]");
    }
    return new TypeName(name.toString(), first.span().to(cursor.previous().span()));
  }

  private String wholeNumber() throws SqlSyntaxException {
    if (cursor.peek().kind() != Token.Kind.INTEGER) {
      throw cursor.unexpected();
    }
    return cursor.take().text();
  }
}
