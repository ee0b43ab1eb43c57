package org.powersync.jakarta.syncconfig.stream;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;

/** A condition of WHERE or ON, subqueries already replaced by joins (sync config section 9.2). */
sealed interface Condition {
  /** All of these; the origin is known when it was written as one. */
  record And(List<Condition> operands, Optional<Origin> origin) implements Condition {
    public And {
      operands = List.copyOf(operands);
    }
  }

  /** One of these. */
  record Or(List<Condition> operands) implements Condition {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  /** The opposite. */
  record Not(Condition operand) implements Condition {}

  /** A value that has to be true. */
  record Base(PlanExpression<Reference> expression) implements Condition {}
}
