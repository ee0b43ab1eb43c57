package org.powersync.jakarta.syncconfig.early;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Operators;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.sql.BinaryOperator;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.UnaryOperator;

/** Reads the condition of a stream or subquery (sync config section 8.2). */
final class ConditionCompiler {
  private final ClauseCompiler clauses;
  private final Optional<SubqueryCompiler> subqueries;
  private final QueryReport report;

  /**
   * @param subqueries empty where subqueries are not allowed
   */
  ConditionCompiler(
      ClauseCompiler clauses, Optional<SubqueryCompiler> subqueries, QueryReport report) {
    this.clauses = clauses;
    this.subqueries = subqueries;
    this.report = report;
  }

  Condition compile(Expression expression) {
    if (expression instanceof Expression.Binary binary) {
      if (binary.operator() == BinaryOperator.AND || binary.operator() == BinaryOperator.OR) {
        return logic(binary, compile(binary.left()), compile(binary.right()));
      }
      if (binary.operator() == BinaryOperator.OVERLAPS) {
        return overlap(binary);
      }
    }
    if (expression instanceof Expression.Unary unary && unary.operator() == UnaryOperator.NOT) {
      return not(compile(unary.operand()), unary.span());
    }
    if (expression instanceof Expression.In in
        && in.candidates() instanceof Expression.Subquery subquery) {
      Condition found = inSubquery(in, subquery);
      return in.negated() ? not(found, in.span()) : found;
    }
    return plain(clauses.compile(expression), expression.span());
  }

  private static Condition logic(Expression.Binary binary, Condition left, Condition right) {
    boolean and = binary.operator() == BinaryOperator.AND;
    if (left instanceof Condition.Plain a
        && right instanceof Condition.Plain b
        && !mixed(a.value(), b.value())) {
      Clause.Value x = a.value();
      Clause.Value y = b.value();
      return new Condition.Plain(
          combined(
              x,
              y,
              and
                  ? Operators.and(x.computation(), y.computation())
                  : Operators.or(x.computation(), y.computation()),
              binary.operator().symbol()));
    }
    return and
        ? Condition.all(left, right, binary.span())
        : Condition.any(left, right, binary.span());
  }

  private Condition not(Condition condition, Span span) {
    if (condition instanceof Condition.Plain plain) {
      Clause.Value value = plain.value();
      return new Condition.Plain(
          new Clause.Value(
              Operators.not(value.computation()),
              value.origin(),
              "NOT(" + value.key() + ")",
              value.use()));
    }
    if (condition instanceof Condition.All all) {
      return all.conditions().stream()
          .map(part -> not(part, span))
          .reduce((a, b) -> Condition.any(a, b, span))
          .orElse(Condition.BROKEN);
    }
    if (condition instanceof Condition.Any any) {
      return any.conditions().stream()
          .map(part -> not(part, span))
          .reduce((a, b) -> Condition.all(a, b, span))
          .orElse(Condition.BROKEN);
    }
    if (condition instanceof Condition.Related related) {
      return broken(
          "negation-not-allowed",
          "What relates rows with the request cannot be negated",
          related.span());
    }
    return Condition.BROKEN;
  }

  private Condition plain(Clause clause, Span span) {
    if (clause instanceof Clause.Value value) {
      return new Condition.Plain(value);
    }
    if (clause instanceof Clause.Matching matching && matching.relation().isPresent()) {
      return new Condition.Related(parameter(matching.relation().get()), span);
    }
    return Condition.BROKEN;
  }

  private static Term parameter(Clause.Relation relation) {
    Clause.Value row = relation.row();
    Clause.Value request = relation.request();
    String text = request.key();
    return switch (relation.comparison()) {
      case EQUAL ->
          new Term.Parameter(
              text, Values.ofRow(row.computation()), Values.ofRequest(request.computation()));
      case IN_REQUEST ->
          new Term.Parameter(
              text,
              Values.ofRow(row.computation()),
              Values.elementsOfRequest(request.computation()));
      case IN_ROW ->
          new Term.Parameter(
              text,
              Values.elementsOfRow(row.computation()),
              Values.ofRequest(request.computation()));
    };
  }

  private Condition overlap(Expression.Binary binary) {
    Optional<Clause.Value> left = value(binary.left());
    if (binary.right() instanceof Expression.Subquery subquery) {
      return overlapWithSubquery(binary, left, subquery);
    }
    Optional<Clause.Value> right = value(binary.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Condition.BROKEN;
    }
    Clause.Value a = left.get();
    Clause.Value b = right.get();
    if (!mixed(a, b)) {
      return new Condition.Plain(
          combined(a, b, Operators.overlap(a.computation(), b.computation()), "&&"));
    }
    boolean rowFirst = a.origin() == Clause.Origin.ROW;
    Term term =
        rowFirst
            ? new Term.Parameter(
                b.key(),
                Values.elementsOfRow(a.computation()),
                Values.elementsOfRequest(b.computation()))
            : new Term.Parameter(
                a.key(), Values.elementsOfRow(b.computation()), Values.ofRequest(a.computation()));
    return new Condition.Related(term, binary.span());
  }

  private Condition overlapWithSubquery(
      Expression.Binary binary, Optional<Clause.Value> left, Expression.Subquery subquery) {
    if (subqueries.isEmpty()) {
      return nested(binary.span());
    }
    if (left.isEmpty()) {
      return Condition.BROKEN;
    }
    if (left.get().origin() != Clause.Origin.ROW) {
      return broken(
          "overlap-left-not-row",
          "Left of && (SELECT ...) stands an array of the row",
          binary.left().span());
    }
    Values row = Values.elementsOfRow(left.get().computation());
    return subqueries
        .get()
        .compile(subquery, Optional.empty())
        .<Condition>map(
            found ->
                new Condition.Related(
                    new Term.RowInSubquery(found.sql(), row, found), binary.span()))
        .orElse(Condition.BROKEN);
  }

  private Condition inSubquery(Expression.In in, Expression.Subquery subquery) {
    if (subqueries.isEmpty()) {
      return nested(in.span());
    }
    Optional<Clause.Value> left = value(in.operand());
    if (left.isEmpty()) {
      return Condition.BROKEN;
    }
    Clause.Value value = left.get();
    if (value.origin() == Clause.Origin.CONSTANT) {
      return broken(
          "in-subquery-static-left",
          "Left of IN (SELECT ...) stands a value of the row or of the request",
          in.operand().span());
    }
    boolean ofRow = value.origin() == Clause.Origin.ROW;
    return subqueries
        .get()
        .compile(subquery, ofRow ? Optional.empty() : left)
        .<Condition>map(
            found ->
                new Condition.Related(
                    ofRow
                        ? new Term.RowInSubquery(
                            found.sql(), Values.ofRowOrNull(value.computation()), found)
                        : new Term.RequestInSubquery(found),
                    in.span()))
        .orElse(Condition.BROKEN);
  }

  private Condition nested(Span span) {
    return broken(
        "subquery-condition-not-supported", "A subquery cannot have subqueries itself", span);
  }

  private Optional<Clause.Value> value(Expression expression) {
    Clause clause = clauses.compile(expression);
    if (clause instanceof Clause.Value value) {
      return Optional.of(value);
    }
    if (clause != Clause.BROKEN) {
      report.fatal(
          "parameter-match-not-allowed",
          "A comparison with the request can only be combined with AND and OR",
          expression.span());
    }
    return Optional.empty();
  }

  private Condition broken(String about, String text, Span span) {
    report.fatal(about, text, span);
    return Condition.BROKEN;
  }

  private static boolean mixed(Clause.Value left, Clause.Value right) {
    return left.origin() != Clause.Origin.CONSTANT
        && right.origin() != Clause.Origin.CONSTANT
        && left.origin() != right.origin();
  }

  private static Clause.Value combined(
      Clause.Value left, Clause.Value right, Computation computation, String operator) {
    Clause.Origin origin = left.origin() == Clause.Origin.CONSTANT ? right.origin() : left.origin();
    RequestUse use = left.use().and(right.use());
    String key = operator + "(" + left.key() + ", " + right.key() + ")";
    return new Clause.Value(computation, origin, key, use);
  }
}
