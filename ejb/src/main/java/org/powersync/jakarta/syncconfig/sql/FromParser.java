package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The items of {@code FROM} and their joins. */
final class FromParser {
  private final TokenCursor cursor;
  private final ExpressionParser expressions;
  private final StatementParser statements;
  private final CallParser calls;

  FromParser(TokenCursor cursor, ExpressionParser expressions, StatementParser statements) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.statements = statements;
    this.calls = new CallParser(cursor, expressions, statements);
  }

  List<FromItem> items() throws SqlSyntaxException {
    List<FromItem> items = new ArrayList<>();
    items.add(item());
    while (true) {
      if (cursor.takeSymbol(",")) {
        items.add(item());
      } else {
        Token start = cursor.peek();
        Optional<Join.Type> type = joinType();
        if (type.isEmpty()) {
          return items;
        }
        items.add(joined(item(), start, type.get()));
      }
    }
  }

  private Optional<Join.Type> joinType() throws SqlSyntaxException {
    Join.Type type;
    if (cursor.takeWord("join")) {
      return Optional.of(Join.Type.INNER);
    } else if (cursor.takeWord("inner")) {
      type = Join.Type.INNER;
    } else if (cursor.takeWord("cross")) {
      type = Join.Type.CROSS;
    } else if (cursor.takeWord("left")) {
      type = Join.Type.LEFT;
    } else if (cursor.takeWord("right")) {
      type = Join.Type.RIGHT;
    } else if (cursor.takeWord("full")) {
      type = Join.Type.FULL;
    } else {
      return Optional.empty();
    }
    if (type != Join.Type.INNER && type != Join.Type.CROSS) {
      cursor.takeWord("outer");
    }
    cursor.expectWord("join");
    return Optional.of(type);
  }

  private FromItem joined(FromItem item, Token start, Join.Type type) throws SqlSyntaxException {
    Optional<Expression> on = Optional.empty();
    List<Identifier> using = List.of();
    Span end = item.span();
    if (cursor.takeWord("on")) {
      on = Optional.of(expressions.expression());
      end = on.get().span();
    } else if (cursor.takeWord("using")) {
      if (!cursor.atSymbol("(")) {
        throw cursor.unexpected();
      }
      using = cursor.namesInParentheses();
      end = cursor.previous().span();
    }
    return withJoin(item, new Join(type, on, using, start.span().to(end)));
  }

  private static FromItem withJoin(FromItem item, Join join) {
    Optional<Join> with = Optional.of(join);
    if (item instanceof FromItem.Table t) {
      return new FromItem.Table(t.schema(), t.name(), t.alias(), with, t.nameSpan(), t.span());
    }
    if (item instanceof FromItem.Function f) {
      return new FromItem.Function(f.call(), f.alias(), f.columnNames(), with, f.span());
    }
    FromItem.Subquery q = (FromItem.Subquery) item;
    return new FromItem.Subquery(
        q.query(), q.alias(), q.columnNames(), with, q.querySpan(), q.span());
  }

  private FromItem item() throws SqlSyntaxException {
    if (cursor.atSymbol("(")) {
      return subquery();
    }
    Identifier first = cursor.expectName();
    Optional<Identifier> schema = Optional.empty();
    Identifier name = first;
    if (cursor.takeSymbol(".")) {
      schema = Optional.of(first);
      name = cursor.expectName();
    }
    if (cursor.atSymbol("(")) {
      return function(schema, name);
    }
    Span nameSpan = first.span().to(name.span());
    Optional<Identifier> alias = cursor.alias();
    Span span = alias.map(a -> nameSpan.to(a.span())).orElse(nameSpan);
    return new FromItem.Table(schema, name, alias, Optional.empty(), nameSpan, span);
  }

  private FromItem function(Optional<Identifier> schema, Identifier name)
      throws SqlSyntaxException {
    Expression expression = calls.call(schema, name);
    if (!(expression instanceof Expression.Call call)) {
      throw cursor.wholeText("A function with words between its arguments is no table");
    }
    Optional<Identifier> alias = cursor.alias();
    List<Identifier> columns = alias.isPresent() ? cursor.namesInParentheses() : List.of();
    Span span = call.span().to(cursor.previous().span());
    return new FromItem.Function(call, alias, columns, Optional.empty(), span);
  }

  private FromItem subquery() throws SqlSyntaxException {
    Token open = cursor.take();
    expressions.enter();
    Statement query = statements.query();
    expressions.leave();
    Span querySpan = open.span().to(cursor.expectSymbol(")").span());
    Optional<Identifier> alias = cursor.alias();
    List<Identifier> columns = alias.isPresent() ? cursor.namesInParentheses() : List.of();
    Span span = open.span().to(cursor.previous().span());
    return new FromItem.Subquery(query, alias, columns, Optional.empty(), querySpan, span);
  }
}
