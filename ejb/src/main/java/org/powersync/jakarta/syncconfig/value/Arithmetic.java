package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;

/**
 * {@code + - * /} (sync config section 6.3): exact for two INTEGERs of any size, IEEE doubles
 * otherwise; NULL for a NULL side and for division by zero.
 */
public enum Arithmetic {
  ADD {
    @Override
    long exact(long left, long right) {
      return Math.addExact(left, right);
    }

    @Override
    BigInteger unbounded(BigInteger left, BigInteger right) {
      return left.add(right);
    }

    @Override
    double real(double left, double right) {
      return left + right;
    }
  },
  SUBTRACT {
    @Override
    long exact(long left, long right) {
      return Math.subtractExact(left, right);
    }

    @Override
    BigInteger unbounded(BigInteger left, BigInteger right) {
      return left.subtract(right);
    }

    @Override
    double real(double left, double right) {
      return left - right;
    }
  },
  MULTIPLY {
    @Override
    long exact(long left, long right) {
      return Math.multiplyExact(left, right);
    }

    @Override
    BigInteger unbounded(BigInteger left, BigInteger right) {
      return left.multiply(right);
    }

    @Override
    double real(double left, double right) {
      return left * right;
    }
  },
  DIVIDE {
    @Override
    long exact(long left, long right) {
      if (left == Long.MIN_VALUE && right == -1) {
        throw new ArithmeticException("long overflow");
      }
      return left / right;
    }

    @Override
    BigInteger unbounded(BigInteger left, BigInteger right) {
      return left.divide(right);
    }

    @Override
    double real(double left, double right) {
      return left / right;
    }
  };

  abstract long exact(long left, long right);

  abstract BigInteger unbounded(BigInteger left, BigInteger right);

  abstract double real(double left, double right);

  /** Applies the operator to values of any kind. */
  public SqlValue apply(SqlValue leftOperand, SqlValue rightOperand) {
    SqlValue left = Casts.toNumeric(leftOperand);
    SqlValue right = Casts.toNumeric(rightOperand);
    if (left == SqlValue.NULL || right == SqlValue.NULL || this == DIVIDE && isZero(right)) {
      return SqlValue.NULL;
    }
    if (left instanceof SqlValue.Real || right instanceof SqlValue.Real) {
      return SqlValue.of(real(Casts.asDouble(left), Casts.asDouble(right)));
    }
    if (left instanceof SqlValue.Int a && right instanceof SqlValue.Int b) {
      try {
        return SqlValue.of(exact(a.value(), b.value()));
      } catch (ArithmeticException overflow) {
        return SqlValue.of(unbounded(big(left), big(right)));
      }
    }
    return SqlValue.of(unbounded(big(left), big(right)));
  }

  private static boolean isZero(SqlValue number) {
    return number instanceof SqlValue.Int integer
        ? integer.value() == 0
        : number instanceof SqlValue.Real real && real.value() == 0;
  }

  private static BigInteger big(SqlValue integer) {
    return integer instanceof SqlValue.Int small
        ? BigInteger.valueOf(small.value())
        : ((SqlValue.BigInt) integer).value();
  }
}
