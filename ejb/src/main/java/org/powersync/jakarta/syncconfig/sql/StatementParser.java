package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Statements and the clauses of {@code SELECT}. */
final class StatementParser {
  private static final Set<String> OTHER_STATEMENTS =
      Set.of(
          "alter",
          "analyze",
          "begin",
          "call",
          "comment",
          "commit",
          "copy",
          "create",
          "deallocate",
          "delete",
          "do",
          "drop",
          "execute",
          "explain",
          "grant",
          "insert",
          "lock",
          "merge",
          "prepare",
          "raise",
          "refresh",
          "reset",
          "revoke",
          "rollback",
          "set",
          "show",
          "start",
          "table",
          "truncate",
          "update",
          "vacuum");

  private static final Set<String> SET_OPERATIONS = Set.of("union", "intersect", "except");

  /** What may follow {@code SELECT} when it has no columns. */
  private static final Set<String> AFTER_COLUMNS =
      Set.of(
          "from",
          "where",
          "group",
          "having",
          "order",
          "limit",
          "offset",
          "fetch",
          "for",
          "union",
          "intersect",
          "except");

  private final TokenCursor cursor;
  private final ExpressionParser expressions;
  private final FromParser from;

  StatementParser(TokenCursor cursor) {
    this.cursor = cursor;
    this.expressions = new ExpressionParser(cursor, this);
    this.from = new FromParser(cursor, expressions, this);
  }

  List<Statement> statements() throws SqlSyntaxException {
    List<Statement> statements = new ArrayList<>();
    statements.add(statement());
    while (cursor.takeSymbol(";")) {
      if (!cursor.atSymbol(";") && cursor.peek().kind() != Token.Kind.END) {
        statements.add(statement());
      }
    }
    if (cursor.peek().kind() != Token.Kind.END) {
      throw cursor.unexpected();
    }
    return List.copyOf(statements);
  }

  /** Whether a query starts here, so that a parenthesis before it holds a subquery. */
  boolean atQuery() {
    Token token = cursor.peek();
    return token.isWord("select")
        || token.isWord("with")
        || token.isWord("values") && cursor.peek(1).isSymbol("(");
  }

  private Statement statement() throws SqlSyntaxException {
    Token first = cursor.peek();
    if (first.kind() == Token.Kind.WORD || first.kind() == Token.Kind.RESERVED) {
      if (OTHER_STATEMENTS.contains(first.text())) {
        return otherStatement();
      }
    }
    return query();
  }

  /** Its content does not matter, for it is refused as a whole. */
  private Statement otherStatement() throws SqlSyntaxException {
    Token first = cursor.take();
    while (cursor.peek().kind() != Token.Kind.END && !cursor.atSymbol(";")) {
      if (cursor.peek().kind() == Token.Kind.INVALID) {
        throw cursor.unexpected();
      }
      cursor.take();
    }
    return other(first, first.span().to(cursor.previous().span()));
  }

  private static Statement other(Token keyword, Span span) {
    return new Statement.Other(keyword.text().toUpperCase(Locale.ROOT), span);
  }

  /** {@code SELECT}, {@code VALUES} or {@code WITH}, and what set operations join to it. */
  Statement query() throws SqlSyntaxException {
    Statement query = simpleQuery();
    while (SET_OPERATIONS.contains(cursor.peek().text())
        && cursor.peek().kind() == Token.Kind.RESERVED) {
      Token operation = cursor.take();
      if (!cursor.takeWord("all")) {
        cursor.takeWord("distinct");
      }
      Statement right = simpleQuery();
      query = other(operation, query.span().to(right.span()));
    }
    return query;
  }

  private Statement simpleQuery() throws SqlSyntaxException {
    if (cursor.takeSymbol("(")) {
      expressions.enter();
      Statement inner = query();
      expressions.leave();
      cursor.expectSymbol(")");
      return inner;
    }
    if (cursor.atWord("with")) {
      return with();
    }
    if (cursor.atWord("values")) {
      return values();
    }
    return select();
  }

  private Statement with() throws SqlSyntaxException {
    Token start = cursor.take();
    cursor.takeWord("recursive");
    do {
      cursor.expectName();
      cursor.namesInParentheses();
      cursor.expectWord("as");
      cursor.takeWord("not");
      cursor.takeWord("materialized");
      cursor.expectSymbol("(");
      expressions.enter();
      query();
      expressions.leave();
      cursor.expectSymbol(")");
    } while (cursor.takeSymbol(","));
    if (cursor.atWord("with")) {
      throw cursor.unexpected();
    }
    Statement main = statement();
    return other(start, start.span().to(main.span()));
  }

  private Statement values() throws SqlSyntaxException {
    Token start = cursor.take();
    Span last;
    do {
      cursor.expectSymbol("(");
      List<Expression> row = expressions.expressions();
      last = row.get(row.size() - 1).span();
      cursor.expectSymbol(")");
    } while (cursor.takeSymbol(","));
    return other(start, start.span().to(last));
  }

  private Statement select() throws SqlSyntaxException {
    Token start = cursor.expectWord("select");
    List<RefusedClause> refused = new ArrayList<>();
    if (cursor.atWord("distinct")) {
      refused.add(distinct());
    } else {
      cursor.takeWord("all");
    }
    Span end = cursor.previous().span();
    List<SelectColumn> columns = columns();
    end = columns.isEmpty() ? end : columns.get(columns.size() - 1).span();
    List<FromItem> items = List.of();
    if (cursor.takeWord("from")) {
      items = from.items();
      FromItem last = items.get(items.size() - 1);
      end = last.join().map(Join::span).orElse(last.span());
    }
    Optional<Expression> where = Optional.empty();
    if (cursor.takeWord("where")) {
      where = Optional.of(expressions.expression());
      end = where.get().span();
    }
    refusedClauses(refused);
    if (!refused.isEmpty()) {
      end = end.to(refused.get(refused.size() - 1).span());
    }
    return new Statement.Select(columns, items, where, refused, start.span().to(end));
  }

  private RefusedClause distinct() throws SqlSyntaxException {
    Token start = cursor.take();
    if (cursor.takeWord("on")) {
      cursor.expectSymbol("(");
      expressions.expressions();
      cursor.expectSymbol(")");
    }
    return since(start, RefusedClause.Kind.DISTINCT);
  }

  private List<SelectColumn> columns() throws SqlSyntaxException {
    List<SelectColumn> columns = new ArrayList<>();
    Token next = cursor.peek();
    if (next.kind() == Token.Kind.END
        || next.isSymbol(";")
        || next.isSymbol(")")
        || next.kind() == Token.Kind.RESERVED && AFTER_COLUMNS.contains(next.text())) {
      return columns;
    }
    do {
      Expression expression = expressions.expressionOrStar();
      Optional<Identifier> alias =
          expression instanceof Expression.Star ? Optional.empty() : cursor.alias();
      Span span = expression.span();
      columns.add(
          new SelectColumn(expression, alias, alias.map(a -> span.to(a.span())).orElse(span)));
    } while (cursor.takeSymbol(","));
    return columns;
  }

  private void refusedClauses(List<RefusedClause> refused) throws SqlSyntaxException {
    if (cursor.atWord("group")) {
      Token start = cursor.take();
      cursor.expectWord("by");
      expressions.expressions();
      refused.add(since(start, RefusedClause.Kind.GROUP_BY));
    }
    if (cursor.atWord("having")) {
      Token start = cursor.take();
      expressions.expression();
      refused.add(since(start, RefusedClause.Kind.HAVING));
    }
    if (cursor.atWord("order")) {
      refused.add(orderBy());
    }
    while (true) {
      if (cursor.atWord("limit")) {
        refused.add(limit());
      } else if (cursor.atWord("offset")) {
        refused.add(offset());
      } else if (cursor.atWord("fetch")) {
        refused.add(fetch());
      } else if (cursor.atWord("for")) {
        refused.add(locking());
      } else {
        return;
      }
    }
  }

  /** {@code ORDER BY}, of a query or inside a call. */
  RefusedClause orderBy() throws SqlSyntaxException {
    Token start = cursor.expectWord("order");
    cursor.expectWord("by");
    do {
      expressions.expression();
      if (!cursor.takeWord("asc")) {
        cursor.takeWord("desc");
      }
      if (cursor.takeWord("nulls") && !cursor.takeWord("first")) {
        cursor.expectWord("last");
      }
    } while (cursor.takeSymbol(","));
    return since(start, RefusedClause.Kind.ORDER_BY);
  }

  private RefusedClause limit() throws SqlSyntaxException {
    Token start = cursor.take();
    if (!cursor.takeWord("all")) {
      expressions.expression();
    }
    return since(start, RefusedClause.Kind.LIMIT);
  }

  private RefusedClause offset() throws SqlSyntaxException {
    Token start = cursor.take();
    expressions.expression();
    takeRowWord();
    return since(start, RefusedClause.Kind.OFFSET);
  }

  /** {@code FETCH FIRST n ROWS ONLY}, the standard's spelling of {@code LIMIT}. */
  private RefusedClause fetch() throws SqlSyntaxException {
    Token start = cursor.take();
    if (!cursor.takeWord("first")) {
      cursor.takeWord("next");
    }
    if (cursor.peek().kind() == Token.Kind.INTEGER) {
      cursor.take();
    }
    takeRowWord();
    cursor.takeWord("only");
    return since(start, RefusedClause.Kind.LIMIT);
  }

  private void takeRowWord() {
    if (!cursor.takeWord("rows")) {
      cursor.takeWord("row");
    }
  }

  /** {@code FOR UPDATE OF t NOWAIT}: any number of words. */
  private RefusedClause locking() throws SqlSyntaxException {
    Token start = cursor.take();
    cursor.expectName();
    while (cursor.peek().isName() || cursor.atSymbol(",")) {
      cursor.take();
    }
    return since(start, RefusedClause.Kind.FOR_UPDATE);
  }

  private RefusedClause since(Token start, RefusedClause.Kind kind) {
    return new RefusedClause(kind, start.span().to(cursor.previous().span()));
  }
}
