package org.powersync.jakarta.syncconfig.plan;

import static org.powersync.jakarta.syncconfig.plan.PlanJson.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Expressions as JSON in stored plans (sync config section 12). */
final class ExpressionJson {
  private ExpressionJson() {}

  static List<Object> writeAll(List<PlanExpression<PlanInput>> expressions) {
    List<Object> json = new ArrayList<>();
    expressions.forEach(expression -> json.add(write(expression)));
    return json;
  }

  static Map<String, Object> write(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.Input<PlanInput> input) {
      return object("type", "data", "source", source(input.source()));
    }
    if (expression instanceof PlanExpression.Binary<PlanInput> binary) {
      return object(
          "type",
          "binary",
          "operator",
          binary.operator().symbol(),
          "left",
          write(binary.left()),
          "right",
          write(binary.right()));
    }
    if (expression instanceof PlanExpression.Unary<PlanInput> unary) {
      return object(
          "type",
          "unary",
          "operator",
          unary.operator().symbol(),
          "operand",
          write(unary.operand()));
    }
    if (expression instanceof PlanExpression.Call<PlanInput> call) {
      return object(
          "type",
          "function",
          "function",
          call.function(),
          "parameters",
          writeAll(call.parameters()));
    }
    if (expression instanceof PlanExpression.Cast<PlanInput> cast) {
      return object("type", "cast", "operand", write(cast.operand()), "cast_as", cast.type());
    }
    if (expression instanceof PlanExpression.Between<PlanInput> between) {
      return object(
          "type",
          "between",
          "value",
          write(between.value()),
          "low",
          write(between.low()),
          "high",
          write(between.high()));
    }
    if (expression instanceof PlanExpression.InList<PlanInput> in) {
      return object("type", "scalar_in", "target", write(in.target()), "in", writeAll(in.items()));
    }
    if (expression instanceof PlanExpression.CaseWhen<PlanInput> cases) {
      return caseWhen(cases);
    }
    return literal(expression);
  }

  private static Map<String, Object> source(PlanInput input) {
    if (input instanceof PlanInput.Column column) {
      return object("column", column.name());
    }
    if (input instanceof PlanInput.Metadata metadata) {
      return object("metadata", metadata.text());
    }
    if (input instanceof PlanInput.Request request) {
      return object("request", request.text());
    }
    PlanInput.FunctionOutput output = (PlanInput.FunctionOutput) input;
    return object("function", (long) output.function(), "outputName", output.name());
  }

  private static Map<String, Object> caseWhen(PlanExpression.CaseWhen<PlanInput> cases) {
    Map<String, Object> json = object("type", "case_when");
    cases.operand().ifPresent(operand -> json.put("operand", write(operand)));
    json.put(
        "whens",
        cases.whens().stream()
            .map(when -> object("when", write(when.condition()), "then", write(when.result())))
            .toList());
    cases.otherwise().ifPresent(otherwise -> json.put("else", write(otherwise)));
    return json;
  }

  private static Map<String, Object> literal(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.IntegerLiteral<PlanInput> integer) {
      return object("type", "lit_int", "base10", integer.value().toString());
    }
    if (expression instanceof PlanExpression.RealLiteral<PlanInput> real) {
      return object("type", "lit_double", "value", real.value());
    }
    if (expression instanceof PlanExpression.TextLiteral<PlanInput> text) {
      return object("type", "lit_string", "value", text.value());
    }
    return object("type", "lit_null");
  }
}
