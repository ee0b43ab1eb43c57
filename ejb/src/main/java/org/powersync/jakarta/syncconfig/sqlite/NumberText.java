package org.powersync.jakarta.syncconfig.sqlite;

import java.math.BigInteger;
import org.powersync.jakarta.syncconfig.value.DecimalText;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The number a text begins with, behind white space.
 *
 * @param number its digits with sign, fraction and exponent; empty without a number
 * @param fractional whether it has a point or an exponent
 * @param whole whether nothing but white space follows
 */
record NumberText(String number, boolean fractional, boolean whole) {
  static NumberText of(String text) {
    int start = skipSpace(text, 0);
    int end = DecimalText.end(text, start);
    if (end < 0) {
      return new NumberText("", false, false);
    }
    boolean fractional = DecimalText.integerEnd(text, start) != end;
    return new NumberText(
        text.substring(start, end), fractional, skipSpace(text, end) == text.length());
  }

  /** The value as double, 0 without a number. */
  double real() {
    return number.isEmpty() ? 0 : Double.parseDouble(number);
  }

  /** The digits before a point or exponent, 0 without any. */
  BigInteger integer() {
    int end = DecimalText.integerEnd(number, 0);
    int from = number.startsWith("+") ? 1 : 0;
    String digits = number.substring(Math.min(from, end), end);
    return digits.isEmpty() || digits.equals("-") ? BigInteger.ZERO : new BigInteger(digits);
  }

  /** INTEGER where 64 bits are enough, otherwise REAL. */
  SqlValue integerOrReal() {
    BigInteger integer = integer();
    return integer.bitLength() < Long.SIZE
        ? SqlValue.of(integer.longValue())
        : SqlValue.of(integer.doubleValue());
  }

  private static int skipSpace(String text, int start) {
    int at = start;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
