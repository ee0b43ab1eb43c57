package org.powersync.jakarta.syncconfig.query;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Operators;
import org.powersync.jakarta.syncconfig.sql.BinaryOperator;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** {@code =}, {@code IN}, AND and OR, which relate rows and parameters (sync config 7.1). */
public final class MatchCompiler {
  private final QueryReport report;

  public MatchCompiler(QueryReport report) {
    this.report = report;
  }

  public Clause equal(Expression.Binary binary, Clause left, Clause right) {
    if (left == Clause.BROKEN || right == Clause.BROKEN) {
      return Clause.BROKEN;
    }
    if (left instanceof Clause.Matching || right instanceof Clause.Matching) {
      return matchNotAllowed(binary.span());
    }
    if (left instanceof Clause.BucketParameter a) {
      return right instanceof Clause.Value value
          ? matching(Match.equal(value.computation(), MatchPart.bucketParameter(a.name())))
          : bothSides(binary.span());
    }
    if (right instanceof Clause.BucketParameter) {
      return equal(binary, right, left);
    }
    Clause.Value a = (Clause.Value) left;
    Clause.Value b = (Clause.Value) right;
    if (mixed(a, b)) {
      Clause.Value row = a.origin() == Clause.Origin.ROW ? a : b;
      Clause.Value request = row == a ? b : a;
      return related(
          Match.equal(row.computation(), MatchPart.of(request, MatchPart.Kind.PLAIN)),
          Clause.Relation.Comparison.EQUAL,
          row,
          request);
    }
    return plain(a, b, "=", Operators.equal(a.computation(), b.computation()));
  }

  public Clause in(Expression.In in, Clause left, Clause right) {
    if (left == Clause.BROKEN || right == Clause.BROKEN) {
      return Clause.BROKEN;
    }
    if (left instanceof Clause.Matching || right instanceof Clause.Matching) {
      return matchNotAllowed(in.span());
    }
    if (right instanceof Clause.BucketParameter) {
      return report.broken(
          "bucket-parameter-right-of-in",
          "A bucket parameter is a single value; use it left of IN",
          in.candidates().span());
    }
    Clause.Value array = (Clause.Value) right;
    if (left instanceof Clause.BucketParameter parameter) {
      return matching(
          Match.unnested(array.computation(), MatchPart.bucketParameter(parameter.name())));
    }
    Clause.Value operand = (Clause.Value) left;
    if (!mixed(operand, array)) {
      return plain(operand, array, "IN", Operators.in(operand.computation(), array.computation()));
    }
    return operand.origin() == Clause.Origin.ROW
        ? related(
            Match.expanded(operand.computation(), MatchPart.of(array, MatchPart.Kind.EXPANDING)),
            Clause.Relation.Comparison.IN_REQUEST,
            operand,
            array)
        : related(
            Match.unnested(array.computation(), MatchPart.of(operand, MatchPart.Kind.PLAIN)),
            Clause.Relation.Comparison.IN_ROW,
            array,
            operand);
  }

  public Clause logic(Expression.Binary binary, Clause left, Clause right) {
    if (left == Clause.BROKEN || right == Clause.BROKEN) {
      return Clause.BROKEN;
    }
    boolean and = binary.operator() == BinaryOperator.AND;
    if (left instanceof Clause.Value a && right instanceof Clause.Value b && !mixed(a, b)) {
      Computation computation =
          and
              ? Operators.and(a.computation(), b.computation())
              : Operators.or(a.computation(), b.computation());
      return plain(a, b, binary.operator().symbol(), computation);
    }
    Match a = match(left);
    Match b = match(right);
    return and ? and(binary, a, b) : or(binary, a, b);
  }

  private Clause and(Expression.Binary binary, Match left, Match right) {
    if (left.unnests() && right.unnests()) {
      return report.broken(
          "multiple-in-on-bucket-parameters",
          "Only one side of AND may take an array of the row apart",
          binary.span());
    }
    if (left.sharesPart(right)) {
      report.warning(
          "parameter-compared-twice",
          "A parameter is compared twice; rows whose values differ are in no bucket",
          binary.span());
    }
    return matching(left.and(right));
  }

  private Clause or(Expression.Binary binary, Match left, Match right) {
    Optional<Match> either = left.or(right);
    return either.isPresent()
        ? matching(either.get())
        : report.broken(
            "or-parameters-differ",
            "Both sides of OR have to use the same parameters; make them separate queries",
            binary.span());
  }

  /** A condition as match. */
  public static Match match(Clause clause) {
    if (clause instanceof Clause.Matching matching) {
      return matching.match();
    }
    if (clause instanceof Clause.BucketParameter parameter) {
      return Match.truth(MatchPart.bucketParameter(parameter.name()));
    }
    if (clause instanceof Clause.Value value && value.origin() == Clause.Origin.REQUEST) {
      return Match.truth(MatchPart.of(value, MatchPart.Kind.TRUTH));
    }
    return clause instanceof Clause.Value value
        ? Match.filter(value.computation())
        : Match.filter(new Computation.Constant(SqlValue.NULL));
  }

  private static boolean mixed(Clause.Value left, Clause.Value right) {
    return left.origin() != Clause.Origin.CONSTANT
        && right.origin() != Clause.Origin.CONSTANT
        && left.origin() != right.origin();
  }

  private static Clause plain(
      Clause.Value left, Clause.Value right, String operator, Computation computation) {
    Clause.Origin origin = left.origin() == Clause.Origin.CONSTANT ? right.origin() : left.origin();
    String key = operator + "(" + left.key() + ", " + right.key() + ")";
    return new Clause.Value(computation, origin, key, left.use().and(right.use()));
  }

  private static Clause matching(Match match) {
    return new Clause.Matching(match, Optional.empty());
  }

  private static Clause related(
      Match match, Clause.Relation.Comparison comparison, Clause.Value row, Clause.Value request) {
    return new Clause.Matching(match, Optional.of(new Clause.Relation(comparison, row, request)));
  }

  private Clause bothSides(Span span) {
    return report.broken(
        "bucket-parameters-both-sides", "Compare a bucket parameter with a column", span);
  }

  private Clause matchNotAllowed(Span span) {
    return report.broken(
        "parameter-match-not-allowed",
        "A comparison with a parameter can only be combined with AND and OR",
        span);
  }
}
