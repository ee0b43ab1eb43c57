package org.powersync.jakarta.syncconfig.plan;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.schema.ColumnKinds;
import org.powersync.jakarta.syncconfig.schema.KindRules;
import org.powersync.jakarta.syncconfig.schema.ResultColumn;
import org.powersync.jakarta.syncconfig.schema.ValueKinds;

/** Which kinds of values the expressions of a plan may have (sync config section 15). */
record PlanKinds(ColumnKinds columns) {
  /** An entry of a select list. */
  static ResultColumn column(SyncPlan.OutputColumn column) {
    if (!(column instanceof SyncPlan.OutputColumn.Named named)) {
      return new ResultColumn.Star();
    }
    PlanExpression<PlanInput> expression = named.expression();
    Optional<String> source =
        expression instanceof PlanExpression.Input<PlanInput> input
                && input.source() instanceof PlanInput.Column plain
            ? Optional.of(plain.name())
            : Optional.empty();
    return new ResultColumn.Named(named.alias(), of(expression), source);
  }

  /** The kinds of an expression, once those of the columns are known. */
  static ColumnKinds.Inferred of(PlanExpression<PlanInput> expression) {
    return columns -> new PlanKinds(columns).kinds(expression);
  }

  private ValueKinds kinds(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.Input<PlanInput> input) {
      return input(input.source());
    }
    if (expression instanceof PlanExpression.Binary<PlanInput> binary) {
      return binary(binary);
    }
    if (expression instanceof PlanExpression.Unary<PlanInput> unary) {
      return unary.operator() == PlanOperator.NOT ? ValueKinds.INTEGER : kinds(unary.operand());
    }
    if (expression instanceof PlanExpression.Cast<PlanInput> cast) {
      return KindRules.cast(cast.type());
    }
    if (expression instanceof PlanExpression.Call<PlanInput> call) {
      return call(call);
    }
    return other(expression);
  }

  private static ValueKinds other(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.NullLiteral) {
      return ValueKinds.NONE;
    }
    if (expression instanceof PlanExpression.TextLiteral) {
      return ValueKinds.TEXT;
    }
    if (expression instanceof PlanExpression.RealLiteral) {
      return ValueKinds.REAL;
    }
    return expression instanceof PlanExpression.CaseWhen ? ValueKinds.ANY : ValueKinds.INTEGER;
  }

  private ValueKinds input(PlanInput input) {
    if (input instanceof PlanInput.Column column) {
      return columns.of(column.name());
    }
    return input instanceof PlanInput.FunctionOutput ? KindRules.JSON_MEMBER : ValueKinds.TEXT;
  }

  private ValueKinds binary(PlanExpression.Binary<PlanInput> binary) {
    return switch (binary.operator()) {
      case CONCATENATE -> ValueKinds.TEXT;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE ->
          KindRules.arithmetic(kinds(binary.left()), kinds(binary.right()));
      default -> ValueKinds.INTEGER;
    };
  }

  private ValueKinds call(PlanExpression.Call<PlanInput> call) {
    return switch (call.function()) {
      case "->", "->>" -> KindRules.JSON_MEMBER;
      case PlanExpression.JSON_CONTAINS -> ValueKinds.INTEGER;
      default ->
          KindRules.call(call.function(), call.parameters().stream().map(this::kinds).toList());
    };
  }
}
