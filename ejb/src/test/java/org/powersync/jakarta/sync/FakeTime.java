package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** Time that passes only while somebody waits, with things that happen at set moments. */
final class FakeTime implements InstantSource {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Happening(Instant at, long order, Runnable what) implements Comparable<Happening> {
    @Override
    public int compareTo(Happening other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Happening> happenings = new PriorityQueue<>();
  private Instant now = START;
  private long order;

  @Override
  public Instant instant() {
    return now;
  }

  void at(Duration sinceStart, Runnable what) {
    happenings.add(new Happening(START.plus(sinceStart), order++, what));
  }

  /** The clock is set, as clocks of real machines are; what is to happen stays where it is. */
  void set(Instant instant) {
    now = instant;
  }

  /** Goes to the next happening, or as far as the end; true when something happened. */
  boolean passUntil(Instant end) {
    Happening next = happenings.peek();
    if (next != null && !next.at.isAfter(end)) {
      happenings.remove();
      now = next.at.isAfter(now) ? next.at : now;
      next.what.run();
      return true;
    }
    now = end.isAfter(now) ? end : now;
    return false;
  }
}
