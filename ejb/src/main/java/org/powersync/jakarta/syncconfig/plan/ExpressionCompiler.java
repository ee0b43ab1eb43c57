package org.powersync.jakarta.syncconfig.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.syncconfig.expression.Choices;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Operators;
import org.powersync.jakarta.syncconfig.function.ScalarFunctions;
import org.powersync.jakarta.syncconfig.sqlite.SqliteOperators;
import org.powersync.jakarta.syncconfig.value.Arithmetic;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Turns plan expressions into computations (sync config section 6, edition 3). What the compiler
 * accepts and cannot be computed fails wherever it is used.
 */
final class ExpressionCompiler {
  private static final Map<String, UnaryOperator<SqlValue>> CASTS =
      Map.of(
          "text", Casts::toText,
          "integer", Casts::toInteger,
          "real", Casts::toReal,
          "numeric", Casts::toNumeric,
          "blob", Casts::toBlob);

  private final boolean fixedJson;
  private final Function<PlanInput, Computation> inputs;
  private final Optional<SqliteExpressions> sqlite;

  /**
   * @param inputs how to read an input
   */
  ExpressionCompiler(ExpressionRules rules, Function<PlanInput, Computation> inputs) {
    this.fixedJson = rules.fixedJson();
    this.inputs = inputs;
    this.sqlite = rules.sqlite() ? Optional.of(new SqliteExpressions(this)) : Optional.empty();
  }

  /** Computations whose truth is asked for. */
  Computation[] compileConditions(List<PlanExpression<PlanInput>> conditions) {
    Computation[] computations = compileAll(conditions);
    if (sqlite.isPresent()) {
      Arrays.setAll(computations, i -> SqliteOperators.condition(computations[i]));
    }
    return computations;
  }

  /** An input as it comes. */
  Computation input(PlanInput input) {
    return inputs.apply(input);
  }

  Computation[] compileAll(List<PlanExpression<PlanInput>> expressions) {
    return expressions.stream().map(this::compile).toArray(Computation[]::new);
  }

  Computation compile(PlanExpression<PlanInput> expression) {
    return sqlite
        .flatMap(engine -> engine.compile(expression))
        .orElseGet(() -> ownRules(expression));
  }

  private Computation ownRules(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.Input<PlanInput> input) {
      return inputs.apply(input.source());
    }
    if (expression instanceof PlanExpression.Binary<PlanInput> binary) {
      return binary(binary.operator(), compile(binary.left()), compile(binary.right()));
    }
    if (expression instanceof PlanExpression.Unary<PlanInput> unary) {
      Computation operand = compile(unary.operand());
      return unary.operator() == PlanOperator.NOT ? Operators.not(operand) : operand;
    }
    if (expression instanceof PlanExpression.Call<PlanInput> call) {
      return call(call);
    }
    if (expression instanceof PlanExpression.Cast<PlanInput> cast) {
      UnaryOperator<SqlValue> conversion = CASTS.get(cast.type());
      return conversion == null
          ? Choices.failing("function-not-implemented", "There is no type " + cast.type())
          : Operators.convert(compile(cast.operand()), conversion);
    }
    if (expression instanceof PlanExpression.Between<PlanInput> between) {
      return Choices.between(
          compile(between.value()), compile(between.low()), compile(between.high()));
    }
    if (expression instanceof PlanExpression.InList<PlanInput> in) {
      return Choices.inList(compile(in.target()), compileAll(in.items()));
    }
    if (expression instanceof PlanExpression.CaseWhen<PlanInput> cases) {
      return cases(cases);
    }
    return new Computation.Constant(literal(expression));
  }

  private static SqlValue literal(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.IntegerLiteral<PlanInput> integer) {
      return SqlValue.of(integer.value());
    }
    if (expression instanceof PlanExpression.RealLiteral<PlanInput> real) {
      return SqlValue.of(real.value());
    }
    if (expression instanceof PlanExpression.TextLiteral<PlanInput> text) {
      return SqlValue.of(text.value());
    }
    return SqlValue.NULL;
  }

  private static Computation binary(PlanOperator operator, Computation left, Computation right) {
    return switch (operator) {
      case OR -> Operators.or(left, right);
      case AND -> Operators.and(left, right);
      case EQUAL -> Operators.equal(left, right);
      case IS -> Choices.is(left, right);
      case LESS -> Operators.compare(left, right, order -> order < 0);
      case LESS_OR_EQUAL -> Operators.compare(left, right, order -> order <= 0);
      case GREATER -> Operators.compare(left, right, order -> order > 0);
      case GREATER_OR_EQUAL -> Operators.compare(left, right, order -> order >= 0);
      case ADD -> Operators.arithmetic(Arithmetic.ADD, left, right);
      case SUBTRACT -> Operators.arithmetic(Arithmetic.SUBTRACT, left, right);
      case MULTIPLY -> Operators.arithmetic(Arithmetic.MULTIPLY, left, right);
      case DIVIDE -> Operators.arithmetic(Arithmetic.DIVIDE, left, right);
      case CONCATENATE -> Operators.concatenate(left, right);
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_AND, BIT_OR, REMAINDER, NOT, PLUS ->
          Choices.failing(
              "operator-not-supported",
              "The operator " + operator.symbol() + " cannot be evaluated");
    };
  }

  private Computation call(PlanExpression.Call<PlanInput> call) {
    Computation[] parameters = compileAll(call.parameters());
    String name = call.function();
    if (parameters.length == 2) {
      switch (name) {
        case "->", "->>" -> {
          return member(parameters[0], parameters[1], name.equals("->>"));
        }
        case PlanExpression.JSON_CONTAINS -> {
          return Operators.in(parameters[0], parameters[1]);
        }
        default -> {
          // One of the functions below.
        }
      }
    }
    Optional<ScalarFunctions.Entry> function = ScalarFunctions.with(fixedJson).find(name);
    return function.isPresent()
        ? Operators.call(name, function.get().function(), parameters, fixedJson)
        : Choices.failing("function-not-implemented", "There is no function " + name);
  }

  private Computation member(Computation document, Computation key, boolean asText) {
    if (!(key instanceof Computation.Constant constant)) {
      return memberByValue(document, key, asText);
    }
    if (constant.value() == SqlValue.NULL) {
      return constant;
    }
    JsonPath path = JsonPath.of(Casts.text(constant.value()), fixedJson);
    if (asText && document instanceof RequestDocument request) {
      return given -> {
        Map<String, Object> json = request.in(given);
        return json == null ? SqlValue.NULL : path.valueIn(json);
      };
    }
    return Operators.member(document, path, asText);
  }

  /** A key that is itself computed, as in {@code auth.parameter(lower('K'))}. */
  private Computation memberByValue(Computation document, Computation key, boolean asText) {
    return given -> {
      SqlValue json = document.compute(given);
      String name = Casts.text(key.compute(given));
      if (name == null) {
        return SqlValue.NULL;
      }
      JsonPath path = JsonPath.of(name, fixedJson);
      return asText ? path.value(json) : path.json(json);
    };
  }

  private Computation cases(PlanExpression.CaseWhen<PlanInput> cases) {
    Choices.Branch[] branches =
        cases.whens().stream()
            .map(when -> new Choices.Branch(compile(when.condition()), compile(when.result())))
            .toArray(Choices.Branch[]::new);
    Computation otherwise =
        cases
            .otherwise()
            .map(this::compile)
            .orElseGet(() -> new Computation.Constant(SqlValue.NULL));
    return cases
        .operand()
        .map(operand -> Choices.firstEqual(compile(operand), branches, otherwise))
        .orElseGet(() -> Choices.firstTrue(branches, otherwise));
  }
}
