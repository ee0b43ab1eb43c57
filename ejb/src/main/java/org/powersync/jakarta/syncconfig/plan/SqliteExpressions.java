package org.powersync.jakarta.syncconfig.plan;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Choices;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Operators;
import org.powersync.jakarta.syncconfig.function.ScalarFunction;
import org.powersync.jakarta.syncconfig.sqlite.Affinity;
import org.powersync.jakarta.syncconfig.sqlite.SqliteArithmetic;
import org.powersync.jakarta.syncconfig.sqlite.SqliteBits;
import org.powersync.jakarta.syncconfig.sqlite.SqliteFunctions;
import org.powersync.jakarta.syncconfig.sqlite.SqliteOperators;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The parts of expressions that SQLite computes in its own way (sync config section 6.8).
 * Comparisons look at the expressions of their operands, too: a cast has an affinity.
 */
final class SqliteExpressions {
  private final ExpressionCompiler compiler;

  SqliteExpressions(ExpressionCompiler compiler) {
    this.compiler = compiler;
  }

  /** Empty where the rules of the language are those of SQLite, or stay in force. */
  Optional<Computation> compile(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.Input<PlanInput> input) {
      return Optional.of(SqliteOperators.input(compiler.input(input.source())));
    }
    if (expression instanceof PlanExpression.IntegerLiteral<PlanInput> integer) {
      return Optional.of(SqliteOperators.literal(SqlValue.of(integer.value())));
    }
    if (expression instanceof PlanExpression.Binary<PlanInput> binary) {
      return Optional.of(binary(binary.operator(), binary.left(), binary.right()));
    }
    if (expression instanceof PlanExpression.Unary<PlanInput> unary) {
      return unary.operator() == PlanOperator.NOT
          ? Optional.of(SqliteOperators.not(compiler.compile(unary.operand())))
          : Optional.empty();
    }
    if (expression instanceof PlanExpression.Between<PlanInput> between) {
      return Optional.of(
          SqliteOperators.and(
              binary(PlanOperator.GREATER_OR_EQUAL, between.value(), between.low()),
              binary(PlanOperator.LESS_OR_EQUAL, between.value(), between.high())));
    }
    if (expression instanceof PlanExpression.InList<PlanInput> in) {
      return Optional.of(
          SqliteOperators.inList(
              compiler.compile(in.target()),
              compiler.compileAll(in.items()),
              affinity(in.target())));
    }
    if (expression instanceof PlanExpression.CaseWhen<PlanInput> cases) {
      return Optional.of(cases(cases));
    }
    if (expression instanceof PlanExpression.Cast<PlanInput> cast) {
      return affinity(cast) == Affinity.NONE
          ? Optional.empty()
          : Optional.of(SqliteOperators.cast(compiler.compile(cast.operand()), cast.type()));
    }
    return expression instanceof PlanExpression.Call<PlanInput> call
        ? SqliteFunctions.find(call.function()).map(function -> call(function, call))
        : Optional.empty();
  }

  private Computation call(ScalarFunction function, PlanExpression.Call<PlanInput> call) {
    return Operators.call(function, compiler.compileAll(call.parameters()));
  }

  private static Affinity affinity(PlanExpression<PlanInput> expression) {
    return expression instanceof PlanExpression.Cast<PlanInput> cast
        ? Affinity.ofCast(cast.type())
        : Affinity.NONE;
  }

  private Computation binary(
      PlanOperator operator, PlanExpression<PlanInput> a, PlanExpression<PlanInput> b) {
    Computation left = compiler.compile(a);
    Computation right = compiler.compile(b);
    Affinity leftAffinity = affinity(a);
    Affinity rightAffinity = affinity(b);
    return switch (operator) {
      case OR -> SqliteOperators.or(left, right);
      case AND -> SqliteOperators.and(left, right);
      case EQUAL ->
          SqliteOperators.compare(left, right, leftAffinity, rightAffinity, order -> order == 0);
      case IS -> SqliteOperators.is(left, right, leftAffinity, rightAffinity);
      case LESS ->
          SqliteOperators.compare(left, right, leftAffinity, rightAffinity, order -> order < 0);
      case LESS_OR_EQUAL ->
          SqliteOperators.compare(left, right, leftAffinity, rightAffinity, order -> order <= 0);
      case GREATER ->
          SqliteOperators.compare(left, right, leftAffinity, rightAffinity, order -> order > 0);
      case GREATER_OR_EQUAL ->
          SqliteOperators.compare(left, right, leftAffinity, rightAffinity, order -> order >= 0);
      case SHIFT_LEFT -> SqliteOperators.bits(SqliteBits.SHIFT_LEFT, left, right);
      case SHIFT_RIGHT -> SqliteOperators.bits(SqliteBits.SHIFT_RIGHT, left, right);
      case BIT_AND -> SqliteOperators.bits(SqliteBits.AND, left, right);
      case BIT_OR -> SqliteOperators.bits(SqliteBits.OR, left, right);
      case ADD -> SqliteOperators.arithmetic(SqliteArithmetic.ADD, left, right);
      case SUBTRACT -> SqliteOperators.arithmetic(SqliteArithmetic.SUBTRACT, left, right);
      case MULTIPLY -> SqliteOperators.arithmetic(SqliteArithmetic.MULTIPLY, left, right);
      case DIVIDE -> SqliteOperators.arithmetic(SqliteArithmetic.DIVIDE, left, right);
      case REMAINDER -> SqliteOperators.arithmetic(SqliteArithmetic.REMAINDER, left, right);
      case CONCATENATE -> SqliteOperators.concatenate(left, right);
      case NOT, PLUS -> throw new IllegalArgumentException(operator + " has one operand");
    };
  }

  private Computation cases(PlanExpression.CaseWhen<PlanInput> cases) {
    Choices.Branch[] branches =
        cases.whens().stream()
            .map(
                when -> new Choices.Branch(condition(cases, when), compiler.compile(when.result())))
            .toArray(Choices.Branch[]::new);
    Computation otherwise =
        cases
            .otherwise()
            .map(compiler::compile)
            .orElseGet(() -> new Computation.Constant(SqlValue.NULL));
    return SqliteOperators.firstTrue(branches, otherwise);
  }

  /** The operand is computed for each branch; its value is the same. */
  private Computation condition(
      PlanExpression.CaseWhen<PlanInput> cases, PlanExpression.When<PlanInput> when) {
    return cases
        .operand()
        .map(operand -> binary(PlanOperator.EQUAL, operand, when.condition()))
        .orElseGet(() -> compiler.compile(when.condition()));
  }
}
