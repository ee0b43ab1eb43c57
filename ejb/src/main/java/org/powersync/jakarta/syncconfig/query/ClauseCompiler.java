package org.powersync.jakarta.syncconfig.query;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Operators;
import org.powersync.jakarta.syncconfig.function.ScalarFunctions;
import org.powersync.jakarta.syncconfig.sql.BinaryOperator;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FunctionName;
import org.powersync.jakarta.syncconfig.value.Arithmetic;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Turns SQL expressions into clauses (sync config sections 6 and 7.1). What cannot be used is
 * reported and becomes {@link Clause#BROKEN}.
 */
public final class ClauseCompiler {
  private static final Map<String, UnaryOperator<SqlValue>> CASTS =
      Map.of(
          "text", Casts::toText,
          "integer", Casts::toInteger,
          "real", Casts::toReal,
          "numeric", Casts::toNumeric,
          "blob", Casts::toBlob);

  private final Scope scope;
  private final boolean fixedJson;
  private final QueryReport report;
  private final MatchCompiler matches;

  /**
   * @param fixedJson the option {@code fixed_json_extract}
   */
  public ClauseCompiler(Scope scope, boolean fixedJson, QueryReport report) {
    this.scope = scope;
    this.fixedJson = fixedJson;
    this.report = report;
    this.matches = new MatchCompiler(report);
  }

  public Clause compile(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      return Clause.Value.constant(Literals.value(literal));
    }
    if (expression instanceof Expression.ColumnReference reference) {
      return column(reference);
    }
    if (expression instanceof Expression.Call call) {
      return call(call);
    }
    if (expression instanceof Expression.Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Expression.Member member) {
      return member(member);
    }
    if (expression instanceof Expression.Unary unary) {
      return unary(unary);
    }
    if (expression instanceof Expression.Is is) {
      return is(is);
    }
    if (expression instanceof Expression.In in) {
      return in(in);
    }
    if (expression instanceof Expression.Cast cast) {
      return cast(cast);
    }
    return report.broken(
        "expression-not-supported",
        "This expression is not supported in bucket definitions",
        expression.span());
  }

  private Clause column(Expression.ColumnReference reference) {
    if (reference.schema().isPresent()) {
      return report.broken(
          "schema-in-column-reference",
          "Columns are named without schema, as in table.column",
          reference.span());
    }
    return scope.column(reference, report);
  }

  private Clause call(Expression.Call call) {
    if (call.function().qualifier().isPresent()) {
      return scope.qualifiedCall(call, report).orElseGet(() -> unknown(call));
    }
    String name = call.function().name().name();
    Optional<ScalarFunctions.Entry> function = ScalarFunctions.with(fixedJson).find(name);
    if (function.isEmpty()) {
      return name.equals("random")
          ? report.broken(
              "function-not-deterministic",
              "The result has to depend on the row alone",
              call.span())
          : unknown(call);
    }
    if (!call.refused().isEmpty()) {
      return report.broken(
          "function-clause-not-supported",
          call.refused().get(0).words() + " is not supported in a function call",
          call.span());
    }
    return apply(
        call.arguments(),
        name,
        operands -> Operators.call(name, function.get().function(), operands, fixedJson));
  }

  private Clause unknown(Expression.Call call) {
    FunctionName name = call.function();
    String full = name.qualifier().map(q -> q.name() + ".").orElse("") + name.name().name();
    return report.broken("unknown-function", "There is no function " + full, call.span());
  }

  private Clause binary(Expression.Binary binary) {
    BinaryOperator operator = binary.operator();
    switch (operator) {
      case AND, OR -> {
        Clause left = compile(binary.left());
        return matches.logic(binary, left, compile(binary.right()));
      }
      case EQUAL -> {
        Clause left = compile(binary.left());
        return matches.equal(binary, left, compile(binary.right()));
      }
      case LIKE, NOT_LIKE, ILIKE, NOT_ILIKE -> {
        return report.broken(
            "like-not-supported", operator.symbol() + " is not supported", binary.span());
      }
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_OR, BIT_AND, OVERLAPS, REMAINDER, POWER -> {
        return report.broken(
            "operator-not-supported",
            "The operator " + operator.symbol() + " is not supported",
            binary.span());
      }
      default -> {
        return apply(
            List.of(binary.left(), binary.right()),
            operator.symbol(),
            operands -> plainOperator(operator, operands[0], operands[1]));
      }
    }
  }

  private static Computation plainOperator(
      BinaryOperator operator, Computation left, Computation right) {
    return switch (operator) {
      case NOT_EQUAL -> Operators.compare(left, right, order -> order != 0);
      case LESS -> Operators.compare(left, right, order -> order < 0);
      case LESS_OR_EQUAL -> Operators.compare(left, right, order -> order <= 0);
      case GREATER -> Operators.compare(left, right, order -> order > 0);
      case GREATER_OR_EQUAL -> Operators.compare(left, right, order -> order >= 0);
      case CONCATENATE -> Operators.concatenate(left, right);
      case ADD -> Operators.arithmetic(Arithmetic.ADD, left, right);
      case SUBTRACT -> Operators.arithmetic(Arithmetic.SUBTRACT, left, right);
      case MULTIPLY -> Operators.arithmetic(Arithmetic.MULTIPLY, left, right);
      case DIVIDE -> Operators.arithmetic(Arithmetic.DIVIDE, left, right);
      default -> throw new IllegalArgumentException(operator.symbol());
    };
  }

  private Clause unary(Expression.Unary unary) {
    return switch (unary.operator()) {
      case NOT -> apply(List.of(unary.operand()), "NOT", operands -> Operators.not(operands[0]));
      case PLUS, MINUS ->
          report.broken(
              "operator-not-supported",
              "A sign is only supported before a number; write 0 - x",
              unary.span());
    };
  }

  private Clause is(Expression.Is is) {
    if (is.tested() != Expression.Is.Tested.NULL) {
      return report.broken("operator-not-supported", "IS is only supported with NULL", is.span());
    }
    return apply(
        List.of(is.operand()),
        is.negated() ? "IS NOT NULL" : "IS NULL",
        operands -> Operators.isNull(operands[0], is.negated()));
  }

  private Clause in(Expression.In in) {
    if (in.negated()) {
      return report.broken(
          "operator-not-supported", "NOT IN is not supported; write NOT (x IN y)", in.span());
    }
    Clause left = compile(in.operand());
    return matches.in(in, left, compile(in.candidates()));
  }

  private Clause member(Expression.Member member) {
    if (!(member.key() instanceof Expression.TextLiteral key)) {
      return report.broken(
          "member-key-not-supported", "The key has to be a text, as in '0'", member.key().span());
    }
    JsonPath path = JsonPath.of(key.value(), fixedJson);
    return apply(
        List.of(member.operand()),
        (member.asText() ? "->> " : "-> ") + "'" + key.value() + "'",
        operands -> Operators.member(operands[0], path, member.asText()));
  }

  private Clause cast(Expression.Cast cast) {
    String type = cast.type().name().toLowerCase(Locale.ROOT);
    UnaryOperator<SqlValue> conversion = CASTS.get(type);
    if (conversion == null) {
      return report.broken(
          "invalid-cast-type", "Types are text, integer, real, numeric and blob", cast.span());
    }
    return apply(
        List.of(cast.operand()),
        "CAST " + type,
        operands -> Operators.convert(operands[0], conversion));
  }

  /** A function or operator over values; rows and request do not mix. */
  private Clause apply(
      List<Expression> arguments, String name, Function<Computation[], Computation> result) {
    Computation[] operands = new Computation[arguments.size()];
    StringBuilder key = new StringBuilder(name).append('(');
    Clause.Origin origin = Clause.Origin.CONSTANT;
    RequestUse use = RequestUse.NONE;
    boolean broken = false;
    for (int i = 0; i < operands.length; i++) {
      Clause argument = operand(arguments.get(i));
      if (!(argument instanceof Clause.Value value)) {
        broken = true;
        continue;
      }
      if (origin != Clause.Origin.CONSTANT
          && value.origin() != Clause.Origin.CONSTANT
          && origin != value.origin()) {
        report.fatal(
            "row-and-parameter-mixed",
            "Columns and request values only meet in column = value and IN",
            arguments.get(i).span());
        broken = true;
      }
      origin = value.origin() == Clause.Origin.CONSTANT ? origin : value.origin();
      use = use.and(value.use());
      operands[i] = value.computation();
      key.append(i == 0 ? "" : ", ").append(value.key());
    }
    return broken
        ? Clause.BROKEN
        : new Clause.Value(result.apply(operands), origin, key.append(')').toString(), use);
  }

  /** An argument, which has to be a value; anything else is reported. */
  private Clause operand(Expression expression) {
    Clause clause = compile(expression);
    if (clause instanceof Clause.BucketParameter) {
      return report.broken(
          "bucket-parameter-in-expression",
          "Bucket parameters can only be compared with = or IN",
          expression.span());
    }
    if (clause instanceof Clause.Matching) {
      return report.broken(
          "parameter-match-not-allowed",
          "A comparison with a parameter can only be combined with AND and OR",
          expression.span());
    }
    return clause;
  }
}
