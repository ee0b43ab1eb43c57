package org.powersync.jakarta.syncconfig.expression;

import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.Comparison;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Computations that only edition 3 has (sync config sections 6.3 and 6.5). */
public final class Choices {
  private Choices() {}

  /** {@code IS}: never NULL, NULL is equal to itself. */
  public static Computation is(Computation left, Computation right) {
    return inputs -> {
      SqlValue a = left.compute(inputs);
      SqlValue b = right.compute(inputs);
      return a == SqlValue.NULL || b == SqlValue.NULL
          ? Casts.bool(a == b)
          : Casts.bool(Comparison.equal(a, b));
    };
  }

  /** {@code BETWEEN}: NULL when one of the comparisons is. */
  public static Computation between(Computation value, Computation low, Computation high) {
    return inputs -> {
      SqlValue v = value.compute(inputs);
      SqlValue from = low.compute(inputs);
      SqlValue to = high.compute(inputs);
      return v == SqlValue.NULL || from == SqlValue.NULL || to == SqlValue.NULL
          ? SqlValue.NULL
          : Casts.bool(Comparison.compare(v, from) >= 0 && Comparison.compare(v, to) <= 0);
    };
  }

  /** {@code IN} with a list of expressions. */
  public static Computation inList(Computation target, Computation[] items) {
    return inputs -> {
      SqlValue value = target.compute(inputs);
      if (value == SqlValue.NULL) {
        return SqlValue.NULL;
      }
      boolean unknown = false;
      for (Computation item : items) {
        SqlValue candidate = item.compute(inputs);
        if (candidate == SqlValue.NULL) {
          unknown = true;
        } else if (Comparison.equal(value, candidate)) {
          return Casts.bool(true);
        }
      }
      return unknown ? SqlValue.NULL : Casts.bool(false);
    };
  }

  /** A branch of {@code CASE}. */
  public record Branch(Computation condition, Computation result) {}

  /** {@code CASE WHEN condition}: the first branch that is true, and only that, is computed. */
  public static Computation firstTrue(Branch[] branches, Computation otherwise) {
    return inputs -> {
      for (Branch branch : branches) {
        if (Casts.truth(branch.condition().compute(inputs))) {
          return branch.result().compute(inputs);
        }
      }
      return otherwise.compute(inputs);
    };
  }

  /** {@code CASE operand WHEN value}: compares with {@code =}. */
  public static Computation firstEqual(
      Computation operand, Branch[] branches, Computation otherwise) {
    return inputs -> {
      SqlValue value = operand.compute(inputs);
      for (Branch branch : branches) {
        SqlValue candidate = branch.condition().compute(inputs);
        if (value != SqlValue.NULL
            && candidate != SqlValue.NULL
            && Comparison.equal(value, candidate)) {
          return branch.result().compute(inputs);
        }
      }
      return otherwise.compute(inputs);
    };
  }

  /** What the compiler accepts and no evaluation can do. */
  public static Computation failing(String about, String text) {
    EvaluationException failure = new EvaluationException(about, text);
    return inputs -> {
      throw failure;
    };
  }
}
