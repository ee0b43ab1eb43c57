package org.powersync.jakarta.syncconfig.value;

/** Where the parts of a decimal number in a text end. White space is the caller's matter. */
public final class DecimalText {
  private DecimalText() {}

  /** The end of the number with sign, fraction and exponent at {@code start}, or −1. */
  public static int end(String text, int start) {
    int whole = skipSign(text, start);
    int at = skipDigits(text, whole);
    int digits = at - whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = skipDigits(text, at + 1);
      digits += fraction - at - 1;
      if (digits > 0) {
        at = fraction;
      }
    }
    if (digits == 0) {
      return -1;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int exponent = skipSign(text, at + 1);
      int end = skipDigits(text, exponent);
      if (end > exponent) {
        return end;
      }
    }
    return at;
  }

  /** The end of the integer with sign at {@code start}; there may be no digits. */
  public static int integerEnd(String text, int start) {
    return skipDigits(text, skipSign(text, start));
  }

  /** Behind a sign, if there is one. */
  public static int skipSign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  /** Behind the digits, if there are any. */
  public static int skipDigits(String text, int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
