package org.powersync.jakarta.syncconfig.expression;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A compiled expression. Immutable; safe for all threads. */
@FunctionalInterface
public interface Computation {
  /**
   * @return the value, never absent
   * @throws org.powersync.jakarta.syncconfig.value.EvaluationException when it has none
   */
  SqlValue compute(Inputs inputs);

  /** A value known when the expression is compiled. */
  record Constant(SqlValue value) implements Computation {
    @Override
    public SqlValue compute(Inputs inputs) {
      return value;
    }
  }

  /** A column of the row at hand. */
  record Column(int slot) implements Computation {
    @Override
    public SqlValue compute(Inputs inputs) {
      return inputs.column(slot);
    }
  }
}
