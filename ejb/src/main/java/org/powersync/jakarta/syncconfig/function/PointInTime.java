package org.powersync.jakarta.syncconfig.function;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The time value of {@code datetime} and {@code unixepoch}, in milliseconds since 1970: a Julian
 * day, seconds since 1970, or an ISO 8601 text (decision A18: no other texts).
 */
final class PointInTime {
  private static final double JULIAN_DAY_OF_1970 = 2440587.5;
  private static final double MILLIS_PER_DAY = 86_400_000;
  private static final double MAX_MILLIS = 8.64e15;
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4})-(\\d{2})(?:-(\\d{2})"
              + "(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d+))?)?"
              + "(?:Z|([+-])(\\d{2}):(\\d{2}))?)?)?");

  private PointInTime() {}

  /** Empty when the value is no time. */
  static OptionalLong millis(SqlValue value, boolean unixSeconds) {
    if (value instanceof SqlValue.Text text) {
      if (unixSeconds) {
        return OptionalLong.empty();
      }
      return NUMBER.matcher(text.value()).matches()
          ? julian(Double.parseDouble(text.value()))
          : iso(text.value());
    }
    if (value == SqlValue.NULL || value instanceof SqlValue.Blob) {
      return OptionalLong.empty();
    }
    double number = ((SqlValue.Real) Casts.toReal(value)).value();
    return unixSeconds ? clipped(number * 1000) : julian(number);
  }

  private static OptionalLong julian(double day) {
    return clipped((day - JULIAN_DAY_OF_1970) * MILLIS_PER_DAY);
  }

  private static OptionalLong clipped(double millis) {
    return Math.abs(millis) <= MAX_MILLIS ? OptionalLong.of((long) millis) : OptionalLong.empty();
  }

  private static OptionalLong iso(String text) {
    Matcher parts = ISO.matcher(text);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    long day;
    try {
      day =
          LocalDate.of(
                  number(parts, 1), number(parts, 2), parts.group(3) == null ? 1 : number(parts, 3))
              .toEpochDay();
    } catch (DateTimeException noSuchDay) {
      return OptionalLong.empty();
    }
    int hour = number(parts, 4);
    int minute = number(parts, 5);
    int second = number(parts, 6);
    int milli =
        parts.group(7) == null ? 0 : Integer.parseInt((parts.group(7) + "00").substring(0, 3));
    boolean midnight = hour == 24 && minute == 0 && second == 0 && milli == 0;
    int zoneHour = number(parts, 9);
    int zoneMinute = number(parts, 10);
    if (hour > 23 && !midnight || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) {
      return OptionalLong.empty();
    }
    long zone = (zoneHour * 60L + zoneMinute) * ("-".equals(parts.group(8)) ? -1 : 1);
    long minutes = (day * 24 + hour) * 60 + minute - zone;
    return OptionalLong.of((minutes * 60 + second) * 1000 + milli);
  }

  private static int number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
  }
}
