package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Function calls, from the opening parenthesis on. */
final class CallParser {
  private static final Set<String> KEYWORD_FUNCTIONS = Set.of("substring", "overlay", "extract");
  private static final List<String> SEPARATORS = List.of("from", "for", "placing");

  private final TokenCursor cursor;
  private final ExpressionParser expressions;
  private final StatementParser statements;

  CallParser(TokenCursor cursor, ExpressionParser expressions, StatementParser statements) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.statements = statements;
  }

  Expression call(Optional<Identifier> qualifier, Identifier name) throws SqlSyntaxException {
    Span nameSpan = qualifier.map(q -> q.span().to(name.span())).orElse(name.span());
    FunctionName function = new FunctionName(qualifier, name, nameSpan);
    cursor.expectSymbol("(");
    List<RefusedClause> refused = new ArrayList<>();
    if (cursor.takeWord("distinct")) {
      refused.add(new RefusedClause(RefusedClause.Kind.DISTINCT, cursor.previous().span()));
    } else if (cursor.atWord("all") && !cursor.peek(1).isSymbol("(")) {
      cursor.take();
    }
    List<Expression> arguments = new ArrayList<>();
    if (!cursor.atSymbol(")")) {
      arguments.add(argument());
      if (qualifier.isEmpty() && KEYWORD_FUNCTIONS.contains(name.name()) && atSeparator()) {
        return keywordCall(name, arguments);
      }
      while (cursor.takeSymbol(",")) {
        arguments.add(argument());
      }
    }
    if (cursor.atWord("order")) {
      refused.add(statements.orderBy());
    }
    Token close = cursor.expectSymbol(")");
    if (qualifier.isEmpty()
        && !name.quoted()
        && name.name().equals("substring")
        && arguments.size() == 1) {
      throw cursor.wholeText(
          "substring with one argument is ambiguous; give it a start, substring(x, 1)");
    }
    Span end = suffixes(refused, close.span());
    return new Expression.Call(function, arguments, refused, nameSpan.to(end));
  }

  private Expression argument() throws SqlSyntaxException {
    if (!statements.atQuery()) {
      return expressions.expressionOrStar();
    }
    expressions.enter();
    Statement query = statements.query();
    expressions.leave();
    return new Expression.Subquery(query, query.span());
  }

  private boolean atSeparator() {
    return SEPARATORS.stream().anyMatch(cursor::atWord);
  }

  private Expression keywordCall(Identifier name, List<Expression> arguments)
      throws SqlSyntaxException {
    while (atSeparator()) {
      cursor.take();
      arguments.add(expressions.expression());
    }
    Span span = name.span().to(cursor.expectSymbol(")").span());
    return new Expression.KeywordCall(name, arguments, span);
  }

  private Span suffixes(List<RefusedClause> refused, Span close) throws SqlSyntaxException {
    Span end = close;
    while (true) {
      Token start = cursor.peek();
      RefusedClause.Kind kind;
      if (start.isWord("filter") && cursor.peek(1).isSymbol("(")) {
        kind = RefusedClause.Kind.FILTER;
      } else if (start.isWord("over")
          && (cursor.peek(1).isSymbol("(") || cursor.peek(1).isName())) {
        kind = RefusedClause.Kind.OVER;
      } else if (start.isWord("within") && cursor.peek(1).isWord("group")) {
        cursor.take();
        kind = RefusedClause.Kind.WITHIN_GROUP;
      } else {
        return end;
      }
      cursor.take();
      end =
          kind == RefusedClause.Kind.OVER && cursor.peek().isName()
              ? cursor.take().span()
              : skipParentheses();
      refused.add(new RefusedClause(kind, start.span().to(end)));
    }
  }

  /** What a refused clause says does not matter, only where it ends. */
  private Span skipParentheses() throws SqlSyntaxException {
    cursor.expectSymbol("(");
    int open = 1;
    while (open > 0) {
      Token token = cursor.peek();
      if (token.kind() == Token.Kind.END || token.kind() == Token.Kind.INVALID) {
        throw cursor.unexpected();
      }
      cursor.take();
      if (token.isSymbol("(")) {
        open++;
      } else if (token.isSymbol(")")) {
        open--;
      }
    }
    return cursor.previous().span();
  }
}
