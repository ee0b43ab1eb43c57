package org.powersync.jakarta.syncconfig.function;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions of points in time, to the millisecond, in UTC. */
final class TimeFunctions {
  private static final DateTimeFormatter SECONDS = formatter("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS = formatter("uuuu-MM-dd HH:mm:ss.SSS");

  private TimeFunctions() {}

  static void register(ScalarFunctions functions) {
    functions.add("unixepoch", 1, 3, arguments -> apply(arguments, TimeFunctions::unixepoch));
    functions.add("datetime", 1, 3, arguments -> apply(arguments, TimeFunctions::datetime));
  }

  private interface Result {
    SqlValue of(long millis, boolean subsecond);
  }

  private static SqlValue apply(SqlValue[] arguments, Result result) {
    boolean unixSeconds = arguments.length > 1 && isModifier(arguments[1], "unixepoch");
    int next = unixSeconds ? 2 : 1;
    boolean subsecond = arguments.length > next;
    if (subsecond
        && !isModifier(arguments[next], "subsec")
        && !isModifier(arguments[next], "subsecond")) {
      return SqlValue.NULL;
    }
    if (arguments.length > next + 1) {
      return SqlValue.NULL;
    }
    OptionalLong millis = PointInTime.millis(TextFunctions.argument(arguments, 0), unixSeconds);
    return millis.isEmpty() ? SqlValue.NULL : result.of(millis.getAsLong(), subsecond);
  }

  private static SqlValue unixepoch(long millis, boolean subsecond) {
    return subsecond ? SqlValue.of(millis / 1000.0) : SqlValue.of(Math.floorDiv(millis, 1000L));
  }

  private static SqlValue datetime(long millis, boolean subsecond) {
    return SqlValue.of((subsecond ? MILLIS : SECONDS).format(Instant.ofEpochMilli(millis)));
  }

  private static boolean isModifier(SqlValue value, String modifier) {
    return value instanceof SqlValue.Text text && text.value().equals(modifier);
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
