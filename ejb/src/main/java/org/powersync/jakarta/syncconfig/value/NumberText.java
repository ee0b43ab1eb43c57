package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as text, in the ECMAScript format (sync config section 5.1): the shortest decimal that
 * reads back, plain between 1e-6 and 1e21, integral values without a point.
 */
public final class NumberText {
  /** No text of a double is longer. */
  static final int MAX_LENGTH = 32;

  private static final double EXACT_LONGS = 9007199254740992.0;
  private static final byte[] LONG_MIN = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

  private NumberText() {}

  /** The text of a REAL, {@code NaN} and {@code Infinity} included. */
  public static String of(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    byte[] text = new byte[MAX_LENGTH];
    return new String(text, 0, write(value, text, 0), StandardCharsets.ISO_8859_1);
  }

  /** The text of a number of any kind; null for other kinds. */
  static String of(SqlValue value) {
    if (value instanceof SqlValue.Int integer) {
      return Long.toString(integer.value());
    }
    if (value instanceof SqlValue.BigInt integer) {
      return integer.value().toString();
    }
    return value instanceof SqlValue.Real real ? of(real.value()) : null;
  }

  /** Whether a double is integral and printed without exponent. */
  static boolean plainIntegral(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e21;
  }

  /** An INTEGER for a finite integral REAL, anything else unchanged. */
  public static SqlValue integralAsInteger(double value) {
    if (value != Math.rint(value) || Double.isInfinite(value)) {
      return SqlValue.of(value);
    }
    return Math.abs(value) < EXACT_LONGS ? SqlValue.of((long) value) : SqlValue.of(integer(value));
  }

  /** The exact value of a finite integral double. */
  static BigInteger integer(double value) {
    return new java.math.BigDecimal(value).toBigIntegerExact();
  }

  /**
   * Writes a finite double.
   *
   * @param out with {@link #MAX_LENGTH} bytes of room
   * @return the position behind the text
   */
  static int write(double value, byte[] out, int start) {
    if (value == Math.rint(value) && Math.abs(value) < EXACT_LONGS) {
      return write((long) value, out, start);
    }
    int at = start;
    if (value < 0) {
      out[at++] = '-';
    }
    int[] scale = new int[1];
    long digits = ShortestDecimal.digits(Math.abs(value), scale);
    int count = digitCount(digits);
    int point = count + scale[0];
    if (count <= point && point <= 21) {
      at = writeDigits(digits, count, out, at);
      return zeros(point - count, out, at);
    }
    if (0 < point && point <= 21) {
      writeDigits(digits, count, out, at + 1);
      System.arraycopy(out, at + 1, out, at, point);
      out[at + point] = '.';
      return at + count + 1;
    }
    if (-6 < point && point <= 0) {
      out[at++] = '0';
      out[at++] = '.';
      at = zeros(-point, out, at);
      return writeDigits(digits, count, out, at);
    }
    writeDigits(digits, count, out, at + 1);
    out[at] = out[at + 1];
    if (count > 1) {
      out[at + 1] = '.';
      at += count + 1;
    } else {
      at++;
    }
    out[at++] = 'e';
    out[at++] = (byte) (point > 0 ? '+' : '-');
    return write(Math.abs(point - 1), out, at);
  }

  /** Writes a long; returns the position behind the text. */
  static int write(long value, byte[] out, int start) {
    if (value == Long.MIN_VALUE) {
      System.arraycopy(LONG_MIN, 0, out, start, LONG_MIN.length);
      return start + LONG_MIN.length;
    }
    int at = start;
    if (value < 0) {
      out[at++] = '-';
    }
    long positive = Math.abs(value);
    return writeDigits(positive, digitCount(positive), out, at);
  }

  private static int writeDigits(long digits, int count, byte[] out, int start) {
    long rest = digits;
    for (int i = start + count - 1; i >= start; i--) {
      long next = rest / 10;
      out[i] = (byte) ('0' + (rest - next * 10));
      rest = next;
    }
    return start + count;
  }

  private static int zeros(int count, byte[] out, int start) {
    for (int i = 0; i < count; i++) {
      out[start + i] = '0';
    }
    return start + count;
  }

  private static int digitCount(long positive) {
    int count = 1;
    long limit = 10;
    while (count < 19 && positive >= limit) {
      count++;
      limit *= 10;
    }
    return count;
  }
}
