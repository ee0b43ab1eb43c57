package org.powersync.jakarta.syncconfig.schema;

import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.UnaryOperator;

/**
 * Which kinds of values an expression may have (sync config section 15).
 *
 * @param columns the kinds of a column by its name
 */
record KindInference(ColumnKinds columns) {

  ValueKinds of(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      return literal(literal);
    }
    if (expression instanceof Expression.ColumnReference reference) {
      return columns.of(reference.column().name());
    }
    if (expression instanceof Expression.Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Expression.Unary unary) {
      return unary.operator() == UnaryOperator.NOT ? ValueKinds.INTEGER : of(unary.operand());
    }
    if (expression instanceof Expression.Cast cast) {
      return KindRules.cast(cast.type().name());
    }
    if (expression instanceof Expression.Member) {
      return KindRules.JSON_MEMBER;
    }
    if (expression instanceof Expression.Call call) {
      return KindRules.call(
          call.function().name().name(), call.arguments().stream().map(this::of).toList());
    }
    boolean truth =
        expression instanceof Expression.Is
            || expression instanceof Expression.In
            || expression instanceof Expression.Between;
    return truth ? ValueKinds.INTEGER : ValueKinds.ANY;
  }

  private static ValueKinds literal(Expression.Literal literal) {
    if (literal instanceof Expression.NullLiteral) {
      return ValueKinds.NONE;
    }
    if (literal instanceof Expression.TextLiteral) {
      return ValueKinds.TEXT;
    }
    return literal instanceof Expression.RealLiteral ? ValueKinds.REAL : ValueKinds.INTEGER;
  }

  private ValueKinds binary(Expression.Binary binary) {
    return switch (binary.operator()) {
      case CONCATENATE -> ValueKinds.TEXT;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE ->
          KindRules.arithmetic(of(binary.left()), of(binary.right()));
      default -> ValueKinds.INTEGER;
    };
  }
}
