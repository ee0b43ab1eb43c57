package org.powersync.jakarta.syncconfig.sql;

import java.util.List;
import java.util.stream.Collectors;

/** Writes trees with all parentheses, so that tests can see how operators group. */
final class Rendering {
  private Rendering() {}

  static String of(Expression expression) {
    if (expression instanceof Expression.Binary e) {
      return "(" + of(e.left()) + " " + e.operator().symbol() + " " + of(e.right()) + ")";
    } else if (expression instanceof Expression.Unary e) {
      return "(" + e.operator().symbol() + " " + of(e.operand()) + ")";
    } else if (expression instanceof Expression.Is e) {
      return "(" + of(e.operand()) + " IS " + not(e.negated()) + e.tested() + ")";
    } else if (expression instanceof Expression.Between e) {
      String range = of(e.low()) + " TO " + of(e.high());
      return "(" + of(e.operand()) + " " + not(e.negated()) + "BETWEEN " + range + ")";
    } else if (expression instanceof Expression.In e) {
      return "(" + of(e.operand()) + " " + not(e.negated()) + "IN " + of(e.candidates()) + ")";
    } else if (expression instanceof Expression.Member e) {
      return "(" + of(e.operand()) + (e.asText() ? " ->> " : " -> ") + of(e.key()) + ")";
    } else if (expression instanceof Expression.Cast e) {
      return "(" + of(e.operand()) + " :: " + e.type().name() + ")";
    } else if (expression instanceof Expression.Element e) {
      return of(e.operand()) + "[" + of(e.index()) + "]";
    } else if (expression instanceof Expression.Call e) {
      String name = e.function().qualifier().map(q -> q.name() + ".").orElse("");
      return name + e.function().name().name() + "(" + list(e.arguments()) + ")";
    } else if (expression instanceof Expression.KeywordCall e) {
      return e.function().name() + "{" + list(e.arguments()) + "}";
    } else if (expression instanceof Expression.ListOf e) {
      return "LIST(" + list(e.items()) + ")";
    } else if (expression instanceof Expression.ArrayOf e) {
      return "ARRAY[" + list(e.items()) + "]";
    } else if (expression instanceof Expression.RowOf e) {
      return "ROW(" + list(e.items()) + ")";
    } else if (expression instanceof Expression.ColumnReference e) {
      String schema = e.schema().map(s -> s.name() + ".").orElse("");
      return schema + e.table().map(t -> t.name() + ".").orElse("") + e.column().name();
    } else if (expression instanceof Expression.TextLiteral e) {
      return "'" + e.value() + "'";
    } else if (expression instanceof Expression.IntegerLiteral e) {
      return e.value().toString();
    } else if (expression instanceof Expression.RealLiteral e) {
      return Double.toString(e.value());
    } else if (expression instanceof Expression.Subquery) {
      return "QUERY";
    } else if (expression instanceof Expression.Star) {
      return "*";
    } else if (expression instanceof Expression.ValueKeyword e) {
      return "<" + e.keyword() + ">";
    }
    return expression.getClass().getSimpleName();
  }

  private static String list(List<Expression> items) {
    return items.stream().map(Rendering::of).collect(Collectors.joining(", "));
  }

  private static String not(boolean negated) {
    return negated ? "NOT " : "";
  }
}
