package org.powersync.jakarta.storage.postgres.compact;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * A time of day, UTC, in which compaction may run; it may go past midnight.
 *
 * @param start inclusive
 * @param end exclusive; the same as start means the whole day
 */
public record CompactionWindow(LocalTime start, LocalTime end) {
  /** Reads {@code 02:00-05:30}; throws {@link IllegalArgumentException} for anything else. */
  public static CompactionWindow parse(String text) {
    String[] ends = text.strip().split("-", -1);
    try {
      if (ends.length == 2) {
        return new CompactionWindow(
            LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(wrong(text), e);
    }
    throw new IllegalArgumentException(wrong(text));
  }

  /** The occurrence of the window that this moment lies in. */
  public Optional<Occurrence> at(Instant moment) {
    LocalDate day = moment.atZone(ZoneOffset.UTC).toLocalDate();
    for (LocalDate first : new LocalDate[] {day, day.minusDays(1)}) {
      ZonedDateTime begin = first.atTime(start).atZone(ZoneOffset.UTC);
      ZonedDateTime finish = first.atTime(end).atZone(ZoneOffset.UTC);
      if (!end.isAfter(start)) {
        finish = finish.plusDays(1);
      }
      if (!moment.isBefore(begin.toInstant()) && moment.isBefore(finish.toInstant())) {
        return Optional.of(new Occurrence(first, finish.toInstant()));
      }
    }
    return Optional.empty();
  }

  /**
   * One night's window.
   *
   * @param day on which it began
   */
  public record Occurrence(LocalDate day, Instant end) {
    Duration left(Instant now) {
      return Duration.between(now, end);
    }
  }

  private static String wrong(String text) {
    return "not a time window: " + text + "; write for example 02:00-05:30 (UTC)";
  }
}
