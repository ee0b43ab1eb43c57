package org.powersync.jakarta.syncconfig.stream;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;
import org.powersync.jakarta.syncconfig.sql.BinaryOperator;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.UnaryOperator;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/**
 * Turns SQL into plan expressions over the names of a scope (sync config section 6). What cannot be
 * used is reported and gives nothing.
 */
final class ScalarCompiler {
  private static final Set<String> CAST_TYPES =
      Set.of("text", "integer", "real", "numeric", "blob");

  private final Scope scope;
  private final SqlText sql;
  private final Report report;
  private final NameResolver names;
  private final FunctionCompiler functions;

  ScalarCompiler(Scope scope, SqlText sql, Report report) {
    this.scope = scope;
    this.sql = sql;
    this.report = report;
    this.names = new NameResolver(scope, sql, report);
    this.functions = new FunctionCompiler(this);
  }

  Scope scope() {
    return scope;
  }

  Report report() {
    return report;
  }

  Origin origin(Span span) {
    return new Origin(sql, span);
  }

  Optional<PlanExpression<Reference>> compile(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      return Optional.of(literal(literal));
    }
    if (expression instanceof Expression.ColumnReference column) {
      return names.column(column);
    }
    if (expression instanceof Expression.Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Expression.Call call) {
      return functions.call(call);
    }
    if (expression instanceof Expression.KeywordCall call) {
      // The grammar has it and no function answers to it: every evaluation fails.
      return all(call.arguments())
          .map(arguments -> new PlanExpression.Call<>(call.function().name() + " from", arguments));
    }
    if (expression instanceof Expression.Member member) {
      return compile(member.operand())
          .map(operand -> member(operand, member.asText(), literal(member.key())));
    }
    if (expression instanceof Expression.Unary unary) {
      return unary(unary);
    }
    if (expression instanceof Expression.Is is) {
      return compile(is.operand())
          .map(
              operand ->
                  negatedIf(is.negated(), binary(PlanOperator.IS, operand, tested(is.tested()))));
    }
    if (expression instanceof Expression.Between between) {
      return all(List.of(between.operand(), between.low(), between.high()))
          .map(
              e ->
                  negatedIf(
                      between.negated(),
                      new PlanExpression.Between<>(e.get(0), e.get(1), e.get(2))));
    }
    if (expression instanceof Expression.In in) {
      return in(in);
    }
    if (expression instanceof Expression.Case cases) {
      return cases(cases);
    }
    if (expression instanceof Expression.Cast cast) {
      return cast(cast);
    }
    return refused(expression);
  }

  private Optional<PlanExpression<Reference>> refused(Expression expression) {
    if (expression instanceof Expression.Parameter) {
      return report.broken(
          "sql-parameter",
          "Parameter markers are not supported; use auth, connection or subscription.parameter()",
          origin(expression.span()));
    }
    if (expression instanceof Expression.Subquery) {
      return report.broken(
          "subquery-position",
          "A subquery can only stand on the right of IN and &&, in WHERE or ON",
          origin(expression.span()));
    }
    return report.broken(
        "expression-not-supported",
        "This expression is not supported in streams",
        origin(expression.span()));
  }

  /** All of these, or nothing; every one is checked. */
  Optional<List<PlanExpression<Reference>>> all(List<Expression> expressions) {
    List<PlanExpression<Reference>> compiled = new ArrayList<>();
    for (Expression expression : expressions) {
      compile(expression).ifPresent(compiled::add);
    }
    return compiled.size() == expressions.size() ? Optional.of(compiled) : Optional.empty();
  }

  private static PlanExpression<Reference> literal(Expression.Literal literal) {
    if (literal instanceof Expression.TextLiteral text) {
      return new PlanExpression.TextLiteral<>(text.value());
    }
    if (literal instanceof Expression.IntegerLiteral integer) {
      return new PlanExpression.IntegerLiteral<>(integer.value());
    }
    if (literal instanceof Expression.RealLiteral real) {
      return new PlanExpression.RealLiteral<>(real.value());
    }
    if (literal instanceof Expression.BooleanLiteral bool) {
      return integer(bool.value());
    }
    return new PlanExpression.NullLiteral<>();
  }

  private static PlanExpression<Reference> integer(boolean value) {
    return new PlanExpression.IntegerLiteral<>(value ? BigInteger.ONE : BigInteger.ZERO);
  }

  private static PlanExpression<Reference> tested(Expression.Is.Tested tested) {
    return tested == Expression.Is.Tested.NULL
        ? new PlanExpression.NullLiteral<>()
        : integer(tested == Expression.Is.Tested.TRUE);
  }

  static PlanExpression<Reference> member(
      PlanExpression<Reference> document, boolean asText, PlanExpression<Reference> key) {
    return new PlanExpression.Call<>(asText ? "->>" : "->", List.of(document, key));
  }

  static PlanExpression<Reference> binary(
      PlanOperator operator, PlanExpression<Reference> left, PlanExpression<Reference> right) {
    return new PlanExpression.Binary<>(operator, left, right);
  }

  private static PlanExpression<Reference> negatedIf(
      boolean negated, PlanExpression<Reference> expression) {
    return negated ? not(expression) : expression;
  }

  static PlanExpression<Reference> not(PlanExpression<Reference> expression) {
    return new PlanExpression.Unary<>(PlanOperator.NOT, expression);
  }

  private Optional<PlanExpression<Reference>> binary(Expression.Binary binary) {
    BinaryOperator operator = binary.operator();
    if (operator == BinaryOperator.NOT_EQUAL) {
      return operands(binary).map(e -> not(binary(PlanOperator.EQUAL, e.get(0), e.get(1))));
    }
    return switch (operator) {
      case LIKE, NOT_LIKE, ILIKE, NOT_ILIKE ->
          report.broken(
              "like-not-supported", operator.symbol() + " is not supported", origin(binary.span()));
      case POWER, OVERLAPS ->
          report.broken(
              "operator-not-supported",
              "The operator " + operator.symbol() + " is not supported here",
              origin(binary.span()));
      default -> operands(binary).map(e -> binary(planned(operator), e.get(0), e.get(1)));
    };
  }

  private Optional<List<PlanExpression<Reference>>> operands(Expression.Binary binary) {
    return all(List.of(binary.left(), binary.right()));
  }

  private static PlanOperator planned(BinaryOperator operator) {
    return PlanOperator.valueOf(operator.name());
  }

  private Optional<PlanExpression<Reference>> unary(Expression.Unary unary) {
    if (unary.operator() == UnaryOperator.MINUS) {
      return report.broken(
          "operator-not-supported",
          "A minus is only supported before a number; write 0 - x",
          origin(unary.span()));
    }
    PlanOperator operator =
        unary.operator() == UnaryOperator.NOT ? PlanOperator.NOT : PlanOperator.PLUS;
    return compile(unary.operand()).map(operand -> new PlanExpression.Unary<>(operator, operand));
  }

  private Optional<PlanExpression<Reference>> in(Expression.In in) {
    if (in.candidates() instanceof Expression.ArrayOf list) {
      return inList(in, list.items());
    }
    if (in.candidates() instanceof Expression.RowOf list) {
      return inList(in, list.items());
    }
    if (in.candidates() instanceof Expression.ListOf) {
      return refused(in.candidates());
    }
    if (in.negated() && !(in.candidates() instanceof Expression.Subquery)) {
      return all(List.of(in.operand(), in.candidates()))
          .map(operands -> not(new PlanExpression.Call<>(PlanExpression.JSON_CONTAINS, operands)));
    }
    return report.broken(
        "subquery-position",
        "IN is only supported in WHERE and ON, combined with AND, OR and NOT",
        origin(in.span()));
  }

  private Optional<PlanExpression<Reference>> inList(Expression.In in, List<Expression> items) {
    Optional<PlanExpression<Reference>> target = compile(in.operand());
    Optional<List<PlanExpression<Reference>>> candidates = all(items);
    return target.flatMap(
        t -> candidates.map(list -> negatedIf(in.negated(), new PlanExpression.InList<>(t, list))));
  }

  private Optional<PlanExpression<Reference>> cases(Expression.Case cases) {
    List<Expression> parts = new ArrayList<>();
    for (Expression.Case.Branch branch : cases.branches()) {
      parts.add(branch.condition());
      parts.add(branch.result());
    }
    cases.subject().ifPresent(parts::add);
    cases.otherwise().ifPresent(parts::add);
    return all(parts).map(compiled -> cases(cases, compiled));
  }

  /** Puts the compiled parts back, in the order they were listed in. */
  private static PlanExpression<Reference> cases(
      Expression.Case cases, List<PlanExpression<Reference>> compiled) {
    List<PlanExpression.When<Reference>> whens = new ArrayList<>();
    int at = 0;
    while (whens.size() < cases.branches().size()) {
      whens.add(new PlanExpression.When<>(compiled.get(at), compiled.get(at + 1)));
      at += 2;
    }
    Optional<PlanExpression<Reference>> operand =
        cases.subject().isPresent() ? Optional.of(compiled.get(at++)) : Optional.empty();
    Optional<PlanExpression<Reference>> otherwise =
        cases.otherwise().isPresent() ? Optional.of(compiled.get(at)) : Optional.empty();
    return new PlanExpression.CaseWhen<>(operand, whens, otherwise);
  }

  private Optional<PlanExpression<Reference>> cast(Expression.Cast cast) {
    String type = cast.type().name().toLowerCase(Locale.ROOT);
    if (!CAST_TYPES.contains(type)) {
      return report.broken(
          "invalid-cast-type",
          "Types are text, integer, real, numeric and blob",
          origin(cast.type().span()));
    }
    return compile(cast.operand()).map(operand -> new PlanExpression.Cast<>(operand, type));
  }
}
