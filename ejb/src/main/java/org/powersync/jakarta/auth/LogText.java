package org.powersync.jakarta.auth;

/** Text of a stranger, made fit for a log line: short, and without control characters. */
final class LogText {
  private static final int MAX_LENGTH = 100;

  private LogText() {}

  static String of(Object value) {
    String text = String.valueOf(value);
    boolean whole = text.length() <= MAX_LENGTH;
    String start = whole ? text : text.substring(0, MAX_LENGTH) + "…";
    return start.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }
}
