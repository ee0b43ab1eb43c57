package org.powersync.jakarta.syncconfig.schema;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.sql.Expression;

/** The operands of expressions, whatever their kind. */
final class ExpressionParts {
  private ExpressionParts() {}

  /** What an expression is directly made of; nothing for a query, which has a scope of its own. */
  static List<Expression> of(Expression expression) {
    if (expression instanceof Expression.Call call) {
      return call.arguments();
    }
    if (expression instanceof Expression.KeywordCall call) {
      return call.arguments();
    }
    if (expression instanceof Expression.Binary binary) {
      return List.of(binary.left(), binary.right());
    }
    if (expression instanceof Expression.Unary unary) {
      return List.of(unary.operand());
    }
    if (expression instanceof Expression.Is is) {
      return List.of(is.operand());
    }
    if (expression instanceof Expression.Between between) {
      return List.of(between.operand(), between.low(), between.high());
    }
    if (expression instanceof Expression.In in) {
      return List.of(in.operand(), in.candidates());
    }
    if (expression instanceof Expression.ListOf list) {
      return list.items();
    }
    if (expression instanceof Expression.ArrayOf array) {
      return array.items();
    }
    if (expression instanceof Expression.RowOf row) {
      return row.items();
    }
    if (expression instanceof Expression.Case choice) {
      return parts(choice);
    }
    if (expression instanceof Expression.Cast cast) {
      return List.of(cast.operand());
    }
    if (expression instanceof Expression.Member member) {
      return List.of(member.operand());
    }
    return expression instanceof Expression.Element element
        ? List.of(element.operand(), element.index())
        : List.of();
  }

  private static List<Expression> parts(Expression.Case choice) {
    List<Expression> parts = new ArrayList<>();
    choice.subject().ifPresent(parts::add);
    for (Expression.Case.Branch branch : choice.branches()) {
      parts.add(branch.condition());
      parts.add(branch.result());
    }
    choice.otherwise().ifPresent(parts::add);
    return parts;
  }
}
