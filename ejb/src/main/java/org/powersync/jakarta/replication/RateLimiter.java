package org.powersync.jakarta.replication;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The earliest time of the next connection attempt, shared by all jobs of a source; only ever moved
 * later (replication section 1.9). Runs on a clock that does not jump. Safe for all threads.
 */
public final class RateLimiter {
  /** Between two attempts, even without any failure. */
  static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

  private final LongSupplier nanoTime;
  private long nextNanos;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public RateLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.nextNanos = nanoTime.getAsLong();
  }

  /** No attempt before this much time has passed. */
  public synchronized void delay(Duration delay) {
    long candidate = nanoTime.getAsLong() + delay.toNanos();
    if (candidate - nextNanos > 0) {
      nextNanos = candidate;
    }
  }

  /** How long the next attempt has to wait; zero or less when it may start. */
  public synchronized Duration remaining() {
    return Duration.ofNanos(nextNanos - nanoTime.getAsLong());
  }

  /** True when nothing has to wait. */
  public boolean open() {
    return remaining().compareTo(Duration.ZERO) <= 0;
  }

  /** Waits for a turn and takes it; false when stopped first. */
  public boolean awaitTurn(StopSignal stop) throws InterruptedException {
    while (!stop.stopped()) {
      Duration wait = takeTurn();
      if (wait.compareTo(Duration.ZERO) <= 0) {
        return true;
      }
      stop.await(wait);
    }
    return false;
  }

  private synchronized Duration takeTurn() {
    Duration wait = remaining();
    if (wait.compareTo(Duration.ZERO) <= 0) {
      delay(BETWEEN_ATTEMPTS);
    }
    return wait;
  }
}
