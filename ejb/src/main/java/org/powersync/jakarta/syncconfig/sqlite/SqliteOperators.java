package org.powersync.jakarta.syncconfig.sqlite;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.powersync.jakarta.syncconfig.expression.Choices;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Computations made of computations, as SQLite has them. */
public final class SqliteOperators {
  private SqliteOperators() {}

  /** A value from outside, as SQLite can hold it. */
  public static Computation input(Computation input) {
    return inputs -> SqliteNumbers.storable(input.compute(inputs));
  }

  /** A literal; an integer beyond 64 bits is REAL. */
  public static Computation literal(SqlValue value) {
    return new Computation.Constant(SqliteNumbers.storable(value));
  }

  /** A comparison; the predicate gets the sign of the order. */
  public static Computation compare(
      Computation left, Computation right, Affinity a, Affinity b, IntPredicate holds) {
    Affinity affinity = a.with(b);
    return inputs -> {
      SqlValue first = left.compute(inputs);
      SqlValue second = right.compute(inputs);
      return first == SqlValue.NULL || second == SqlValue.NULL
          ? SqlValue.NULL
          : Casts.bool(holds.test(SqliteComparison.compare(first, second, affinity)));
    };
  }

  /** {@code IS}: never NULL, NULL is equal to itself. */
  public static Computation is(Computation left, Computation right, Affinity a, Affinity b) {
    Affinity affinity = a.with(b);
    return inputs -> {
      SqlValue first = left.compute(inputs);
      SqlValue second = right.compute(inputs);
      return first == SqlValue.NULL || second == SqlValue.NULL
          ? Casts.bool(first == second)
          : Casts.bool(SqliteComparison.compare(first, second, affinity) == 0);
    };
  }

  public static Computation and(Computation left, Computation right) {
    return inputs -> {
      Boolean a = truth(left.compute(inputs));
      Boolean b = truth(right.compute(inputs));
      if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
        return Casts.bool(false);
      }
      return a == null || b == null ? SqlValue.NULL : Casts.bool(true);
    };
  }

  public static Computation or(Computation left, Computation right) {
    return inputs -> {
      Boolean a = truth(left.compute(inputs));
      Boolean b = truth(right.compute(inputs));
      if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
        return Casts.bool(true);
      }
      return a == null || b == null ? SqlValue.NULL : Casts.bool(false);
    };
  }

  public static Computation not(Computation operand) {
    return inputs -> {
      Boolean truth = truth(operand.compute(inputs));
      return truth == null ? SqlValue.NULL : Casts.bool(!truth);
    };
  }

  /** A condition: 1 where it is true, otherwise 0. */
  public static Computation condition(Computation condition) {
    return inputs -> Casts.bool(isTrue(condition.compute(inputs)));
  }

  public static Computation arithmetic(
      SqliteArithmetic operator, Computation left, Computation right) {
    return inputs -> operator.apply(left.compute(inputs), right.compute(inputs));
  }

  public static Computation bits(SqliteBits operator, Computation left, Computation right) {
    return inputs -> operator.apply(left.compute(inputs), right.compute(inputs));
  }

  public static Computation concatenate(Computation left, Computation right) {
    return inputs -> {
      SqlValue a = left.compute(inputs);
      SqlValue b = right.compute(inputs);
      if (a == SqlValue.NULL || b == SqlValue.NULL) {
        return SqlValue.NULL;
      }
      return a instanceof SqlValue.Blob || b instanceof SqlValue.Blob
          ? SqlValue.of(SqliteNumbers.text(new SqlValue.Blob(joined(a, b))))
          : SqlValue.of(SqliteNumbers.text(a).concat(SqliteNumbers.text(b)));
    };
  }

  private static byte[] joined(SqlValue left, SqlValue right) {
    byte[] a = SqliteNumbers.bytes(left);
    byte[] b = SqliteNumbers.bytes(right);
    byte[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** {@code IN} with a list: the affinity of the left side counts. */
  public static Computation inList(Computation target, Computation[] items, Affinity affinity) {
    return inputs -> {
      SqlValue value = target.compute(inputs);
      boolean unknown = items.length > 0 && value == SqlValue.NULL;
      for (Computation item : items) {
        SqlValue candidate = item.compute(inputs);
        if (value == SqlValue.NULL || candidate == SqlValue.NULL) {
          unknown = true;
        } else if (SqliteComparison.compare(value, candidate, affinity) == 0) {
          return Casts.bool(true);
        }
      }
      return unknown ? SqlValue.NULL : Casts.bool(false);
    };
  }

  /** {@code CASE WHEN condition}. */
  public static Computation firstTrue(Choices.Branch[] branches, Computation otherwise) {
    return inputs -> {
      for (Choices.Branch branch : branches) {
        if (isTrue(branch.condition().compute(inputs))) {
          return branch.result().compute(inputs);
        }
      }
      return otherwise.compute(inputs);
    };
  }

  /**
   * A cast.
   *
   * @param type in lower case, one that {@link Affinity#ofCast} knows
   */
  public static Computation cast(Computation operand, String type) {
    return inputs -> cast(operand.compute(inputs), type);
  }

  private static SqlValue cast(SqlValue value, String type) {
    if (value == SqlValue.NULL) {
      return value;
    }
    return switch (type) {
      case "text" -> SqlValue.of(SqliteNumbers.text(value));
      case "integer" -> SqlValue.of(SqliteNumbers.asInteger(value));
      case "real" -> SqlValue.of(SqliteNumbers.asReal(value));
      case "numeric" -> SqliteNumbers.toNumeric(value);
      default ->
          value instanceof SqlValue.Blob ? value : new SqlValue.Blob(SqliteNumbers.bytes(value));
    };
  }

  static boolean isTrue(SqlValue value) {
    return Boolean.TRUE.equals(truth(value));
  }

  /** Null for unknown. */
  private static Boolean truth(SqlValue value) {
    return value == SqlValue.NULL ? null : SqliteNumbers.asReal(value) != 0;
  }
}
