package org.powersync.jakarta.replication;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The earliest time of the next connection attempt; only ever moved later (replication section
 * 1.9). One is shared by all jobs of a source, and each stream has one that waits for that, too: a
 * stream that fails by itself must not hold up the one that serves. Runs on a clock that does not
 * jump. Safe for all threads.
 */
public final class RateLimiter {
  /** Between two attempts, even without any failure. */
  static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

  private final LongSupplier nanoTime;
  private final RateLimiter shared;
  private long nextNanos;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public RateLimiter(LongSupplier nanoTime) {
    this(nanoTime, null);
  }

  private RateLimiter(LongSupplier nanoTime, RateLimiter shared) {
    this.nanoTime = nanoTime;
    this.shared = shared;
    this.nextNanos = nanoTime.getAsLong();
  }

  /** The limiter of one stream. */
  RateLimiter forStream() {
    return new RateLimiter(nanoTime, this);
  }

  /** No attempt of any stream before this much time has passed. */
  void delayEvery(Duration delay) {
    (shared == null ? this : shared).delay(delay);
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
    Duration own = Duration.ofNanos(nextNanos - nanoTime.getAsLong());
    Duration all = shared == null ? own : shared.remaining();
    return own.compareTo(all) > 0 ? own : all;
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
    if (wait.compareTo(Duration.ZERO) > 0) {
      return wait;
    }
    if (shared != null) {
      return shared.takeTurn();
    }
    delay(BETWEEN_ATTEMPTS);
    return wait;
  }
}
