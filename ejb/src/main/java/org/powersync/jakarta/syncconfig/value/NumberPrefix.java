package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;

/** The number a text begins with, as casts and truth read it (sync config sections 5.1, 6.4). */
final class NumberPrefix {
  private static final int SURE_LONG_DIGITS = 18;

  private NumberPrefix() {}

  /** White space, sign and digits; 0 without digits. */
  static SqlValue integer(String text) {
    int start = skipSpace(text);
    int digits = DecimalText.skipSign(text, start);
    int end = DecimalText.skipDigits(text, digits);
    return end == digits ? SqlValue.of(0) : integer(text, start, end);
  }

  /** White space and a decimal number with fraction and exponent; 0.0 without digits. */
  static double real(String text) {
    int start = skipSpace(text);
    int end = DecimalText.end(text, start);
    return end < 0 ? 0.0 : Double.parseDouble(text.substring(start, end));
  }

  /** REAL with a point or exponent, else INTEGER; INTEGER 0 without digits. */
  static SqlValue numeric(String text) {
    int start = skipSpace(text);
    int end = DecimalText.end(text, start);
    if (end < 0) {
      return SqlValue.of(0);
    }
    return DecimalText.integerEnd(text, start) == end
        ? integer(text, start, end)
        : SqlValue.of(Double.parseDouble(text.substring(start, end)));
  }

  /** Whether the leading integer, decimal or {@code 0x} hexadecimal, is there and not zero. */
  static boolean nonZero(String text) {
    int at = DecimalText.skipSign(text, skipSpace(text));
    int radix = 10;
    if (at + 1 < text.length() && text.charAt(at) == '0' && (text.charAt(at + 1) | 0x20) == 'x') {
      at += 2;
      radix = 16;
    }
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit != 0) {
        return digit > 0;
      }
    }
    return false;
  }

  private static SqlValue integer(String text, int start, int end) {
    int from = text.charAt(start) == '+' ? start + 1 : start;
    return end - from <= SURE_LONG_DIGITS
        ? SqlValue.of(Long.parseLong(text, from, end, 10))
        : SqlValue.of(new BigInteger(text.substring(from, end)));
  }

  private static int skipSpace(String text) {
    int at = 0;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** White space of ECMAScript. */
  private static boolean isSpace(char c) {
    return switch (c) {
      case ' ',
          '\t',
          '\n',
          '\u000b',
          '\f',
          '\r',
          '\u00a0',
          '\u1680',
          '\u2028',
          '\u2029',
          '\u202f',
          '\u205f',
          '\u3000',
          '\ufeff' ->
          true;
      default -> c >= '\u2000' && c <= '\u200a';
    };
  }
}
