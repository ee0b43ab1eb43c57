package org.powersync.jakarta.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast a count grows, over the last half minute. One thread at a time. */
final class CopyRate {
  private static final long WINDOW_MILLIS = 30_000;

  /** Samples closer than this replace each other. */
  private static final long STEP_MILLIS = 500;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long millis, long count) {}

  /** Notes the count; one that goes back begins anew. */
  void sample(long millis, long count) {
    if (!samples.isEmpty() && samples.peekLast().count() > count) {
      samples.clear();
    }
    if (samples.size() > 1 && millis - samples.peekLast().millis() < STEP_MILLIS) {
      samples.pollLast();
    }
    samples.addLast(new Sample(millis, count));
    while (samples.size() > 2 && millis - samples.peekFirst().millis() > WINDOW_MILLIS) {
      samples.pollFirst();
    }
  }

  /** Counts per second until this moment; empty while too little is known. */
  OptionalDouble perSecond(long nowMillis) {
    if (samples.size() < 2) {
      return OptionalDouble.empty();
    }
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    // A count that stands still for longer than it used to slows down.
    long until = Math.max(last.millis(), nowMillis - 2 * STEP_MILLIS);
    return until <= first.millis()
        ? OptionalDouble.empty()
        : OptionalDouble.of((last.count() - first.count()) * 1000.0 / (until - first.millis()));
  }
}
