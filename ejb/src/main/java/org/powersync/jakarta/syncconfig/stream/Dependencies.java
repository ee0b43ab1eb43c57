package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;

/** Says what conditions depend on (sync config section 9.2). */
record Dependencies(Report report) {

  /**
   * The only thing an expression depends on; nothing for literals. Further ones are reported, each
   * where it stands.
   */
  Optional<Dependency> single(PlanExpression<Reference> expression) {
    List<Reference> references = new ArrayList<>();
    expression.forEachInput(references::add);
    if (references.isEmpty()) {
      return Optional.empty();
    }
    Dependency first = references.get(0).dependency();
    for (Reference reference : references) {
      if (reference.dependency() != first) {
        report.fatal(
            "multiple-dependencies",
            "Values of several tables, or of a table and the request, only meet in a = b",
            reference.origin());
      }
    }
    return Optional.of(first);
  }

  /** A condition as part of an AND. */
  Part part(PlanExpression<Reference> expression) {
    if (expression instanceof PlanExpression.Binary<Reference> binary
        && binary.operator() == PlanOperator.EQUAL) {
      Optional<Dependency> left = single(binary.left());
      Optional<Dependency> right = single(binary.right());
      if (left.isPresent() && right.isPresent() && left.get() != right.get()) {
        return new Part.Equality(
            new Part.Side(binary.left(), left.get()), new Part.Side(binary.right(), right.get()));
      }
      return new Part.Filter(expression, left.or(() -> right));
    }
    return new Part.Filter(expression, single(expression));
  }
}
