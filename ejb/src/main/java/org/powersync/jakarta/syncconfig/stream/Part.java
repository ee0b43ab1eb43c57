package org.powersync.jakarta.syncconfig.stream;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;

/** A part of an AND term (sync config section 9.2). */
sealed interface Part {
  /** How deeply its expression is nested. */
  int height();

  /** A condition about one thing; empty when it depends on nothing. */
  record Filter(PlanExpression<Reference> expression, Optional<Dependency> dependency)
      implements Part {

    @Override
    public int height() {
      return expression.height();
    }

    /** Whether it needs no table. */
    boolean withoutTable() {
      return dependency.isEmpty() || dependency.get() == Dependency.Request.REQUEST;
    }

    /** Joined with another filter about the same thing. */
    Filter join(PlanOperator operator, Filter other) {
      return new Filter(
          new PlanExpression.Binary<>(operator, expression, other.expression),
          dependency.or(() -> other.dependency));
    }
  }

  /** Two different things have something in common. */
  record Equality(Side left, Side right) implements Part {
    @Override
    public int height() {
      return 1 + Math.max(left.expression().height(), right.expression().height());
    }
  }

  /** One side of an equality. */
  record Side(PlanExpression<Reference> expression, Dependency dependency) {}
}
