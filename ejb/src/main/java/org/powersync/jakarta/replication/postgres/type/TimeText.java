package org.powersync.jakarta.replication.postgres.type;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.TimeFormat;

/**
 * Dates and times as clients see them (replication section 4.3): the older form keeps what
 * PostgreSQL prints, the ISO form has a {@code T} and a fixed number of digits. Digits are copied
 * or cut, never rounded. Methods answer null where the value becomes NULL.
 */
final class TimeText {
  private static final int SOURCE_DIGITS = 6;
  private static final int CLOCK_LENGTH = "hh:mm:ss".length();
  private static final int YEAR_DIGITS = 4;
  private static final String UTC = "Z";
  private static final DateTimeFormatter UTC_FORMAT =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, YEAR_DIGITS, 10, SignStyle.NOT_NEGATIVE)
          .appendPattern("-MM-dd HH:mm:ss")
          .toFormatter(Locale.ROOT);

  private final TimeFormat format;

  TimeText(Compatibility compatibility) {
    this.format = TimeFormat.of(compatibility, SOURCE_DIGITS, SOURCE_DIGITS);
  }

  /** A date: as printed, but for the infinities. */
  static String date(String text) {
    return switch (text) {
      case "infinity" -> "9999-12-31";
      case "-infinity" -> "0000-01-01";
      default -> text;
    };
  }

  /** A time of day without zone. */
  String time(String text) {
    return format.time(text);
  }

  /** A timestamp without zone. */
  String timestamp(String text) {
    String infinity = infinity(text, "");
    if (infinity != null) {
      return infinity;
    }
    int dateEnd = dateEnd(text);
    if (dateEnd < 0 || fractionEnd(text, dateEnd + 1 + CLOCK_LENGTH) != text.length()) {
      return null;
    }
    return format.dateTime(text, dateEnd, text.length(), "");
  }

  /** A timestamp with zone, converted to UTC by the offset printed. */
  String timestamptz(String text) {
    String infinity = infinity(text, UTC);
    if (infinity != null) {
      return infinity;
    }
    int dateEnd = dateEnd(text);
    if (dateEnd < 0 || text.indexOf('-') > YEAR_DIGITS) {
      return null;
    }
    int zone = fractionEnd(text, dateEnd + 1 + CLOCK_LENGTH);
    Integer offset = offsetSeconds(text, zone);
    if (offset == null) {
      return null;
    }
    String utc = offset == 0 ? text : toUtc(text, dateEnd, zone, offset);
    if (utc == null) {
      return null;
    }
    int end = offset == 0 ? zone : utc.length();
    return format.dateTime(utc, dateEnd(utc), end, UTC);
  }

  private String infinity(String text, String zone) {
    String clock =
        switch (text) {
          case "infinity" -> "9999-12-31 23:59:59";
          case "-infinity" -> "0000-01-01 00:00:00";
          default -> null;
        };
    return clock == null ? null : format.dateTime(clock, dateEnd(clock), clock.length(), zone);
  }

  /** Position of the blank between date and time, or −1 when the text has another shape. */
  private static int dateEnd(String text) {
    int blank = text.indexOf(' ');
    int clockEnd = blank + 1 + CLOCK_LENGTH;
    if (blank < "yyyy-mm-dd".length()
        || text.charAt(blank - 3) != '-'
        || text.charAt(blank - 6) != '-'
        || text.length() < clockEnd
        || text.charAt(blank + 3) != ':'
        || text.charAt(blank + 6) != ':') {
      return -1;
    }
    for (int i = 0; i < clockEnd; i++) {
      boolean separator =
          i == blank - 6 || i == blank - 3 || i == blank || i == blank + 3 || i == blank + 6;
      if (!separator && !digit(text.charAt(i))) {
        return -1;
      }
    }
    return blank;
  }

  /** Position behind the fraction that may start here. */
  private static int fractionEnd(String text, int start) {
    if (start >= text.length() || text.charAt(start) != '.') {
      return start;
    }
    int at = start + 1;
    while (at < text.length() && digit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** The offset {@code ±hh[:mm[:ss]]} that ends the text; null when it is anything else. */
  private static Integer offsetSeconds(String text, int start) {
    int length = text.length() - start;
    if ((length != 3 && length != 6 && length != 9)
        || (text.charAt(start) != '+' && text.charAt(start) != '-')) {
      return null;
    }
    int seconds = 0;
    int unit = 3600;
    for (int at = start; at < text.length(); at += 3, unit /= 60) {
      char tens = text.charAt(at + 1);
      char ones = text.charAt(at + 2);
      if (!digit(tens) || !digit(ones) || (at > start && text.charAt(at) != ':')) {
        return null;
      }
      seconds += ((tens - '0') * 10 + ones - '0') * unit;
    }
    return text.charAt(start) == '-' ? -seconds : seconds;
  }

  /** Date and time in UTC with the fraction as it was; null for a date that does not exist. */
  private static String toUtc(String text, int dateEnd, int zone, int offset) {
    int clockEnd = dateEnd + 1 + CLOCK_LENGTH;
    LocalDateTime local;
    try {
      local =
          LocalDateTime.parse(
              text.substring(0, dateEnd) + 'T' + text.substring(dateEnd + 1, clockEnd));
    } catch (DateTimeParseException e) {
      return null;
    }
    return UTC_FORMAT.format(local.minusSeconds(offset)) + text.substring(clockEnd, zone);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
