package org.powersync.jakarta.syncconfig.value;

import java.math.BigDecimal;

/** The order of values: number, text, blob, without affinity (sync config section 6.1). */
public final class Comparison {
  private static final long EXACT_AS_DOUBLE = 1L << 53;

  private Comparison() {}

  /**
   * Compares two values that are not NULL. NaN is less than everything, itself included.
   *
   * @return negative, zero or positive
   */
  public static int compare(SqlValue left, SqlValue right) {
    int leftRank = rank(left);
    int rightRank = rank(right);
    if (leftRank != rightRank) {
      return leftRank - rightRank;
    }
    return switch (leftRank) {
      case 0 -> numbers(left, right);
      case 1 -> ((SqlValue.Text) left).value().compareTo(((SqlValue.Text) right).value());
      default -> throw new EvaluationException("blob-comparison", "two BLOBs cannot be compared");
    };
  }

  /** Whether two values that are not NULL are equal. */
  public static boolean equal(SqlValue left, SqlValue right) {
    if (left instanceof SqlValue.Text a && right instanceof SqlValue.Text b) {
      return a.value().equals(b.value());
    }
    return compare(left, right) == 0;
  }

  private static int rank(SqlValue value) {
    if (value instanceof SqlValue.Text) {
      return 1;
    }
    return value instanceof SqlValue.Blob ? 2 : 0;
  }

  private static int numbers(SqlValue left, SqlValue right) {
    if (left instanceof SqlValue.Int a && right instanceof SqlValue.Int b) {
      return Long.compare(a.value(), b.value());
    }
    if (isNaN(left)) {
      return -1;
    }
    if (isNaN(right)) {
      return 1;
    }
    double a = Casts.asDouble(left);
    double b = Casts.asDouble(right);
    boolean exact =
        left instanceof SqlValue.Real && right instanceof SqlValue.Real
            || Math.abs(a) < EXACT_AS_DOUBLE
            || Math.abs(b) < EXACT_AS_DOUBLE
            || Double.isInfinite(a)
            || Double.isInfinite(b);
    if (exact && !(left instanceof SqlValue.BigInt) && !(right instanceof SqlValue.BigInt)) {
      return a < b ? -1 : a == b ? 0 : 1;
    }
    return compareExactly(left, right);
  }

  private static int compareExactly(SqlValue left, SqlValue right) {
    if (left instanceof SqlValue.Real real && Double.isInfinite(real.value())) {
      return real.value() > 0 ? 1 : -1;
    }
    if (right instanceof SqlValue.Real real && Double.isInfinite(real.value())) {
      return real.value() > 0 ? -1 : 1;
    }
    return decimal(left).compareTo(decimal(right));
  }

  private static BigDecimal decimal(SqlValue number) {
    if (number instanceof SqlValue.Int integer) {
      return BigDecimal.valueOf(integer.value());
    }
    if (number instanceof SqlValue.BigInt integer) {
      return new BigDecimal(integer.value());
    }
    return new BigDecimal(((SqlValue.Real) number).value());
  }

  private static boolean isNaN(SqlValue value) {
    return value instanceof SqlValue.Real real && Double.isNaN(real.value());
  }
}
