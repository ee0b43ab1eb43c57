package org.powersync.jakarta.syncconfig.value;

import org.powersync.jakarta.syncconfig.Compatibility;

/**
 * How times of one kind of source look to clients (sync config section 5.3): the older form keeps
 * the digits delivered, the ISO form has a {@code T} and a fixed number of them. Digits are copied
 * or cut, never rounded. Immutable; safe for all threads.
 */
public final class TimeFormat {
  private static final int CLOCK_LENGTH = "hh:mm:ss".length();
  private static final int MAX_DIGITS = 9;
  private static final String ZEROS = "0".repeat(MAX_DIGITS);

  private final boolean iso;
  private final int digits;

  private TimeFormat(boolean iso, int digits) {
    this.iso = iso;
    this.digits = digits;
  }

  /**
   * @param sourceDigits sub-second digits the source has: 0, 3, 6 or 9
   * @param defaultDigits those shown unless a config limits them
   */
  public static TimeFormat of(Compatibility compatibility, int sourceDigits, int defaultDigits) {
    int wanted = compatibility.maxTimePrecision().orElse(defaultDigits);
    return new TimeFormat(compatibility.timestampsIso8601(), Math.min(sourceDigits, wanted));
  }

  /**
   * A date and time.
   *
   * @param text the date, one character, {@code hh:mm:ss} and perhaps a fraction
   * @param dateEnd position of that character
   * @param end behind the fraction
   * @param zone written behind it, {@code Z} or nothing
   */
  public String dateTime(String text, int dateEnd, int end, String zone) {
    char separator = iso ? 'T' : ' ';
    boolean unchanged = !iso && text.charAt(dateEnd) == separator && end == text.length();
    if (unchanged) {
      return zone.isEmpty() ? text : text.concat(zone);
    }
    int clockEnd = dateEnd + 1 + CLOCK_LENGTH;
    StringBuilder out = new StringBuilder(end + 2 + MAX_DIGITS);
    out.append(text, 0, dateEnd).append(separator).append(text, dateEnd + 1, clockEnd);
    fraction(text, clockEnd, end, out);
    return out.append(zone).toString();
  }

  /** A time of day, {@code hh:mm:ss} and perhaps a fraction; any other text stays as it is. */
  public String time(String text) {
    if (!iso || text.length() < CLOCK_LENGTH) {
      return text;
    }
    StringBuilder out = new StringBuilder(CLOCK_LENGTH + 1 + digits);
    out.append(text, 0, CLOCK_LENGTH);
    fraction(text, CLOCK_LENGTH, text.length(), out);
    return out.toString();
  }

  private void fraction(String text, int start, int end, StringBuilder out) {
    if (!iso) {
      out.append(text, start, end);
      return;
    }
    if (digits == 0) {
      return;
    }
    int present = Math.max(0, Math.min(digits, end - start - 1));
    out.append('.');
    if (present > 0) {
      out.append(text, start + 1, start + 1 + present);
    }
    out.append(ZEROS, 0, digits - present);
  }
}
