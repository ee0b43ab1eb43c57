package org.powersync.jakarta.storage.postgres.write;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a repeated message through at most once per interval. Safe for all threads. */
final class LogInterval {
  private final long nanos;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  private LogInterval(long nanos) {
    this.nanos = nanos;
  }

  static LogInterval ofSeconds(long seconds) {
    return new LogInterval(Duration.ofSeconds(seconds).toNanos());
  }

  /** True when the message may be logged now. */
  boolean due() {
    long now = System.nanoTime();
    long allowed = next.get();
    return now - allowed >= 0 && next.compareAndSet(allowed, now + nanos);
  }
}
