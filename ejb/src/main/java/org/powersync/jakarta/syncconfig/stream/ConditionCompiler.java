package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;
import org.powersync.jakarta.syncconfig.sql.BinaryOperator;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.UnaryOperator;

/**
 * Turns WHERE and ON into conditions; {@code IN} and {@code &&} become joins (sync config section
 * 9.2). What cannot be used is reported and gives nothing.
 */
final class ConditionCompiler {
  private final QueryCompiler queries;
  private final ScalarCompiler scalars;
  private final Report report;

  /** A set of values: the value of each of its rows, and which rows belong to it. */
  private record Elements(PlanExpression<Reference> value, List<Condition> conditions) {}

  ConditionCompiler(QueryCompiler queries, ScalarCompiler scalars) {
    this.queries = queries;
    this.scalars = scalars;
    this.report = scalars.report();
  }

  Optional<Condition> compile(Expression expression) {
    if (expression instanceof Expression.Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Expression.Unary unary && unary.operator() == UnaryOperator.NOT) {
      return compile(unary.operand()).map(Condition.Not::new);
    }
    if (expression instanceof Expression.Is is && is.negated()) {
      return negated(new Expression.Is(is.operand(), false, is.tested(), is.span()));
    }
    if (expression instanceof Expression.Between between && between.negated()) {
      return negated(
          new Expression.Between(
              between.operand(), false, between.low(), between.high(), between.span()));
    }
    if (expression instanceof Expression.In in) {
      return in(in);
    }
    return base(expression);
  }

  private Optional<Condition> base(Expression expression) {
    return scalars.compile(expression).map(Condition.Base::new);
  }

  private Optional<Condition> negated(Expression expression) {
    return base(expression).map(Condition.Not::new);
  }

  private Optional<Condition> binary(Expression.Binary binary) {
    switch (binary.operator()) {
      case AND, OR -> {
        Optional<Condition> left = compile(binary.left());
        Optional<Condition> right = compile(binary.right());
        return left.flatMap(l -> right.map(r -> logic(binary, l, r)));
      }
      case NOT_EQUAL -> {
        return negated(
            new Expression.Binary(
                BinaryOperator.EQUAL, binary.left(), binary.right(), binary.span()));
      }
      case OVERLAPS -> {
        Optional<Elements> left = elements(binary.left());
        Optional<Elements> right = elements(binary.right());
        return left.flatMap(
            l ->
                right.map(
                    r -> {
                      List<Condition> conditions = new ArrayList<>(l.conditions());
                      conditions.addAll(r.conditions());
                      return equal(l.value(), r.value(), conditions);
                    }));
      }
      default -> {
        return base(binary);
      }
    }
  }

  private Condition logic(Expression.Binary binary, Condition left, Condition right) {
    List<Condition> both = List.of(left, right);
    return binary.operator() == BinaryOperator.OR
        ? new Condition.Or(both)
        : new Condition.And(both, Optional.of(scalars.origin(binary.span())));
  }

  private Optional<Condition> in(Expression.In in) {
    Expression candidates = in.candidates();
    if (candidates instanceof Expression.ArrayOf || candidates instanceof Expression.RowOf) {
      Expression plain = new Expression.In(in.operand(), false, candidates, in.span());
      return in.negated() ? negated(plain) : base(plain);
    }
    boolean set = candidates instanceof Expression.Subquery || common(candidates).isPresent();
    if (in.negated() && !set || candidates instanceof Expression.ListOf) {
      return base(in);
    }
    Optional<PlanExpression<Reference>> operand = scalars.compile(in.operand());
    Optional<Elements> elements = elements(candidates);
    Optional<Condition> member =
        operand.flatMap(o -> elements.map(e -> equal(o, e.value(), e.conditions())));
    return in.negated() ? member.map(Condition.Not::new) : member;
  }

  private static Condition equal(
      PlanExpression<Reference> left, PlanExpression<Reference> right, List<Condition> conditions) {
    List<Condition> all = new ArrayList<>();
    all.add(new Condition.Base(ScalarCompiler.binary(PlanOperator.EQUAL, left, right)));
    all.addAll(conditions);
    return all.size() == 1 ? all.get(0) : new Condition.And(all, Optional.empty());
  }

  /** A common table expression, when the name of one stands there. */
  private Optional<CommonTables.Query> common(Expression expression) {
    return expression instanceof Expression.ColumnReference reference
            && reference.table().isEmpty()
            && reference.schema().isEmpty()
        ? queries.common(reference.column().name())
        : Optional.empty();
  }

  private Optional<Elements> elements(Expression set) {
    Origin origin = scalars.origin(set.span());
    if (set instanceof Expression.Subquery subquery) {
      return Selects.check(subquery.query(), origin.sql(), report)
          .flatMap(select -> single(queries.derived(select, Optional.of(scalars.scope())), origin));
    }
    Optional<CommonTables.Query> common = common(set);
    if (common.isPresent()) {
      return common
          .get()
          .select()
          .flatMap(
              select ->
                  single(
                      queries.overCommon(common.get().sql()).derived(select, Optional.empty()),
                      origin));
    }
    return scalars
        .compile(set)
        .flatMap(argument -> queries.jsonEach(argument, origin))
        .map(
            function ->
                new Elements(
                    new PlanExpression.Input<>(new Reference.Column(function, "value", origin)),
                    List.of()));
  }

  private Optional<Elements> single(QueryCompiler.Derived derived, Origin origin) {
    if (derived.columns().size() != 1) {
      return report.broken(
          "subquery-one-column", "The right side of IN has exactly one column", origin);
    }
    return derived
        .columns()
        .get(0)
        .expression()
        .map(value -> new Elements(value, derived.conditions()));
  }
}
