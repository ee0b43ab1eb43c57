package org.powersync.jakarta.syncconfig.sqlite;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Numbers as SQLite reads and writes them. */
final class SqliteNumbers {
  private static final MathContext SHORT = new MathContext(15, RoundingMode.HALF_UP);
  private static final MathContext LONG = new MathContext(17, RoundingMode.HALF_UP);
  private static final int MIN_PLAIN_EXPONENT = -4;
  private static final int MAX_PLAIN_EXPONENT = 16;
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private SqliteNumbers() {}

  /** A value as SQLite can hold it: no NaN, no INTEGER beyond 64 bits. */
  static SqlValue storable(SqlValue value) {
    if (value instanceof SqlValue.BigInt integer) {
      return SqlValue.of(integer.value().doubleValue());
    }
    return value instanceof SqlValue.Real real ? real(real.value()) : value;
  }

  /** REAL, or NULL for what is no number. */
  static SqlValue real(double value) {
    return Double.isNaN(value) ? SqlValue.NULL : SqlValue.of(value);
  }

  /** The TEXT form, null for NULL. */
  static String text(SqlValue value) {
    if (value instanceof SqlValue.Real real) {
      return text(real.value());
    }
    if (value instanceof SqlValue.Blob blob) {
      return new String(blob.bytes(), StandardCharsets.UTF_8);
    }
    return Casts.text(value);
  }

  /** The bytes of a BLOB, or of the TEXT form; not for NULL. */
  static byte[] bytes(SqlValue value) {
    return value instanceof SqlValue.Blob blob
        ? blob.bytes()
        : Casts.bytes(SqlValue.of(text(value)));
  }

  /**
   * Fifteen digits if they are enough to read the same number, otherwise seventeen, and always a
   * point. Releases of SQLite differ in the last of seventeen digits; this is the exact one.
   */
  private static String text(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "Inf" : "-Inf";
    }
    if (value == 0) {
      return "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = exact.round(SHORT);
    rounded = (rounded.doubleValue() == value ? rounded : exact.round(LONG)).stripTrailingZeros();
    String digits = rounded.unscaledValue().abs().toString();
    int exponent = digits.length() - rounded.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < MIN_PLAIN_EXPONENT || exponent > MAX_PLAIN_EXPONENT) {
      String fraction = digits.length() == 1 ? "0" : digits.substring(1);
      String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return sign + digits.charAt(0) + '.' + fraction + 'e' + (exponent < 0 ? '-' : '+') + power;
    }
    String plain = rounded.abs().toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  /** As an operand of arithmetic: INTEGER or REAL, by the number a text begins with; or NULL. */
  static SqlValue operand(SqlValue value) {
    if (value instanceof SqlValue.Text || value instanceof SqlValue.Blob) {
      NumberText number = NumberText.of(text(value));
      return number.fractional() ? real(number.real()) : number.integerOrReal();
    }
    return value;
  }

  /** As double, 0 without a number; not for NULL. */
  static double asReal(SqlValue value) {
    if (value instanceof SqlValue.Int integer) {
      return integer.value();
    }
    if (value instanceof SqlValue.Real real) {
      return real.value();
    }
    return NumberText.of(text(value)).real();
  }

  /** As 64-bit integer: cut and kept within the range, 0 without a number; not for NULL. */
  static long asInteger(SqlValue value) {
    if (value instanceof SqlValue.Int integer) {
      return integer.value();
    }
    if (value instanceof SqlValue.Real real) {
      return (long) real.value();
    }
    BigInteger integer = NumberText.of(text(value)).integer();
    return integer.min(MAX).max(MIN).longValue();
  }

  /** What a column of NUMERIC affinity makes of a value: well-formed texts become numbers. */
  static SqlValue numericIfWellFormed(SqlValue value) {
    if (!(value instanceof SqlValue.Text text)) {
      return value;
    }
    NumberText number = NumberText.of(text.value());
    if (!number.whole()) {
      return value;
    }
    return number.fractional() ? SqlValue.of(number.real()) : number.integerOrReal();
  }

  /** {@code CAST(x AS numeric)}: integral texts are INTEGER however they are written. */
  static SqlValue toNumeric(SqlValue value) {
    if (!(value instanceof SqlValue.Text) && !(value instanceof SqlValue.Blob)) {
      return value;
    }
    NumberText number = NumberText.of(text(value));
    if (!number.fractional()) {
      return number.integerOrReal();
    }
    double real = number.real();
    boolean integral = real == Math.rint(real) && Math.abs(real) < 1L << 51;
    return integral ? SqlValue.of((long) real) : real(real);
  }
}
