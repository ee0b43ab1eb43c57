package org.powersync.jakarta.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Durations counted by their order of magnitude. Safe for all threads. */
final class Durations {
  /** Upper bounds in microseconds; what is longer has a class of its own. */
  static final long[] BOUNDS_MICROS = {
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS_MICROS.length + 1];
  private final LongAdder sumMicros = new LongAdder();

  Durations() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    long micros = Math.max(0, nanos / 1000);
    int at = 0;
    while (at < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[at]) {
      at++;
    }
    counts[at].increment();
    sumMicros.add(micros);
  }

  /** How many were up to each bound, and in all as the last one. */
  long[] cumulative() {
    long[] cumulative = new long[counts.length];
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i].sum();
      cumulative[i] = sum;
    }
    return cumulative;
  }

  double seconds() {
    return sumMicros.sum() / 1e6;
  }
}
