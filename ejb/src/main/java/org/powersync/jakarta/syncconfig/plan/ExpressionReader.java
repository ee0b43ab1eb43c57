package org.powersync.jakarta.syncconfig.plan;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Reads expressions of stored plans.
 *
 * @param scope what the expressions of this place may read
 * @param functions how many table functions there are to read from
 */
record ExpressionReader(Scope scope, int functions) {
  private static final int MAX_DEPTH = 1000;

  /** What expressions are about. */
  enum Scope {
    /** The row of a source table, with its table functions. */
    ROW,
    REQUEST,
    /** A table function over request data, and the request. */
    REQUEST_ELEMENT
  }

  static final ExpressionReader REQUEST = new ExpressionReader(Scope.REQUEST, 0);
  static final ExpressionReader REQUEST_ELEMENT = new ExpressionReader(Scope.REQUEST_ELEMENT, 0);

  PlanExpression<PlanInput> read(JsonNode json) {
    return read(json, 0);
  }

  private PlanExpression<PlanInput> read(JsonNode json, int depth) {
    if (depth > MAX_DEPTH) {
      throw json.unreadable("nested too deeply");
    }
    int deeper = depth + 1;
    return switch (json.text("type")) {
      case "data" -> new PlanExpression.Input<>(source(json.get("source")));
      case "unary" ->
          new PlanExpression.Unary<>(
              operator(json.get("operator"), true), read(json.get("operand"), deeper));
      case "binary" ->
          new PlanExpression.Binary<>(
              operator(json.get("operator"), false),
              read(json.get("left"), deeper),
              read(json.get("right"), deeper));
      case "between" ->
          new PlanExpression.Between<>(
              read(json.get("value"), deeper),
              read(json.get("low"), deeper),
              read(json.get("high"), deeper));
      case "scalar_in" ->
          new PlanExpression.InList<>(
              read(json.get("target"), deeper), readAll(json, "in", deeper));
      case "case_when" -> caseWhen(json, deeper);
      case "cast" ->
          new PlanExpression.Cast<>(read(json.get("operand"), deeper), json.text("cast_as"));
      case "function" ->
          new PlanExpression.Call<>(json.text("function"), readAll(json, "parameters", deeper));
      case "lit_null" -> new PlanExpression.NullLiteral<>();
      case "lit_double" -> new PlanExpression.RealLiteral<>(json.get("value").real());
      case "lit_int" -> new PlanExpression.IntegerLiteral<>(integer(json.get("base10")));
      case "lit_string" -> new PlanExpression.TextLiteral<>(json.text("value"));
      default -> throw json.unreadable("unknown expression " + json.text("type"));
    };
  }

  private List<PlanExpression<PlanInput>> readAll(JsonNode json, String name, int depth) {
    return json.list(name, element -> read(element, depth));
  }

  private PlanExpression<PlanInput> caseWhen(JsonNode json, int depth) {
    return new PlanExpression.CaseWhen<>(
        json.find("operand").map(operand -> read(operand, depth)),
        json.list(
            "whens",
            when ->
                new PlanExpression.When<>(
                    read(when.get("when"), depth), read(when.get("then"), depth))),
        json.find("else").map(otherwise -> read(otherwise, depth)));
  }

  private static BigInteger integer(JsonNode json) {
    try {
      return new BigInteger(json.text());
    } catch (NumberFormatException e) {
      throw json.unreadable("digits are needed");
    }
  }

  private static PlanOperator operator(JsonNode json, boolean unary) {
    return PlanOperator.find(json.text(), unary)
        .orElseThrow(() -> json.unreadable("unknown operator"));
  }

  private PlanInput source(JsonNode json) {
    Optional<PlanInput> source =
        switch (scope) {
          case ROW -> column(json).or(() -> metadata(json)).or(() -> functionOutput(json));
          case REQUEST -> request(json);
          case REQUEST_ELEMENT -> column(json).or(() -> request(json));
        };
    return source.orElseThrow(() -> json.unreadable("no such data here"));
  }

  private static Optional<PlanInput> column(JsonNode json) {
    return json.find("column").map(column -> new PlanInput.Column(column.text()));
  }

  private static Optional<PlanInput> metadata(JsonNode json) {
    return json.find("metadata").flatMap(name -> PlanInput.Metadata.find(name.text()));
  }

  private static Optional<PlanInput> request(JsonNode json) {
    return json.find("request").flatMap(name -> PlanInput.Request.find(name.text()));
  }

  private Optional<PlanInput> functionOutput(JsonNode json) {
    return json.find("function")
        .map(
            function ->
                new PlanInput.FunctionOutput(function.index(functions), json.text("outputName")));
  }
}
