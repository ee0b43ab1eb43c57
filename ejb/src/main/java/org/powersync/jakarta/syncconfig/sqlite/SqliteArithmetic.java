package org.powersync.jakarta.syncconfig.sqlite;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Operators of numbers: NULL for a NULL side and for division by zero; INTEGER that overflows is
 * REAL.
 */
public enum SqliteArithmetic {
  ADD {
    @Override
    SqlValue integers(long left, long right) {
      return SqlValue.of(Math.addExact(left, right));
    }

    @Override
    double reals(double left, double right) {
      return left + right;
    }
  },
  SUBTRACT {
    @Override
    SqlValue integers(long left, long right) {
      return SqlValue.of(Math.subtractExact(left, right));
    }

    @Override
    double reals(double left, double right) {
      return left - right;
    }
  },
  MULTIPLY {
    @Override
    SqlValue integers(long left, long right) {
      return SqlValue.of(Math.multiplyExact(left, right));
    }

    @Override
    double reals(double left, double right) {
      return left * right;
    }
  },
  DIVIDE {
    @Override
    SqlValue integers(long left, long right) {
      if (right == 0) {
        return SqlValue.NULL;
      }
      if (left == Long.MIN_VALUE && right == -1) {
        throw new ArithmeticException("overflow");
      }
      return SqlValue.of(left / right);
    }

    @Override
    double reals(double left, double right) {
      return right == 0 ? Double.NaN : left / right;
    }
  },
  /** Of both sides as integers, but REAL when one of them is. */
  REMAINDER {
    @Override
    SqlValue integers(long left, long right) {
      return right == 0 ? SqlValue.NULL : SqlValue.of(left % right);
    }

    @Override
    SqlValue reals(SqlValue left, SqlValue right) {
      SqlValue remainder = integers(SqliteNumbers.asInteger(left), SqliteNumbers.asInteger(right));
      return remainder instanceof SqlValue.Int integer
          ? SqlValue.of((double) integer.value())
          : remainder;
    }
  };

  abstract SqlValue integers(long left, long right);

  /** Of doubles; NaN is NULL. */
  double reals(double left, double right) {
    throw new IllegalStateException(this + " has no form for doubles");
  }

  SqlValue apply(SqlValue left, SqlValue right) {
    SqlValue a = SqliteNumbers.operand(left);
    SqlValue b = SqliteNumbers.operand(right);
    if (a == SqlValue.NULL || b == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    if (a instanceof SqlValue.Int first && b instanceof SqlValue.Int second) {
      try {
        return integers(first.value(), second.value());
      } catch (ArithmeticException overflow) {
        // Goes on with REAL.
      }
    }
    return reals(left, right);
  }

  /** Operands of which at least one is not INTEGER, or whose result does not fit. */
  SqlValue reals(SqlValue left, SqlValue right) {
    return SqliteNumbers.real(reals(SqliteNumbers.asReal(left), SqliteNumbers.asReal(right)));
  }
}
