package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When to tell a client how long its token lasts: as a keepalive, as a warning 20 s before the end,
 * and at the end (sync API section 3.10). One thread.
 */
final class TokenClock {
  private static final Duration WARNING = Duration.ofSeconds(20);
  private static final Duration NEVER_EARLY = Duration.ofMillis(3);
  private static final int KEEPALIVE_MIN_MILLIS = 18_000;
  private static final int KEEPALIVE_MAX_MILLIS = 22_000;

  private final InstantSource time;
  private final Instant expires;
  private final boolean keepalive;
  private final RandomGenerator random;
  private Instant due;

  /**
   * @param keepalive whether the transport needs regular lines; otherwise only the warning and the
   *     end are told
   */
  TokenClock(InstantSource time, Instant expires, boolean keepalive, RandomGenerator random) {
    this.time = time;
    this.expires = expires;
    this.keepalive = keepalive;
    this.random = random;
    Instant now = time.instant();
    this.due = now.isBefore(expires) ? next(now) : now;
  }

  /** How long until something is to be told; zero or less when it is now. */
  Duration untilDue() {
    Instant now = time.instant();
    return Duration.between(now, due(now));
  }

  /** No keepalive is further away than the longest pause, unless the clock was set back. */
  private Instant due(Instant now) {
    if (keepalive && due.isAfter(now.plusMillis(KEEPALIVE_MAX_MILLIS))) {
      due = next(now);
    }
    return due;
  }

  /** Tells the time left at once, so that a client that is gone is noticed. */
  void bringForward() {
    if (keepalive) {
      due = time.instant();
    }
  }

  /** The seconds left, rounded up, if it is time to tell them; zero means the end. */
  OptionalLong tell() {
    Instant now = time.instant();
    if (now.isBefore(due(now))) {
      return OptionalLong.empty();
    }
    due = next(now);
    long millis = Math.max(0, Duration.between(now, expires).toMillis());
    return OptionalLong.of((millis + 999) / 1000);
  }

  private Instant next(Instant now) {
    Instant warning = expires.minus(WARNING).plus(NEVER_EARLY);
    Instant next = now.isBefore(warning) ? warning : expires.plus(NEVER_EARLY);
    if (!keepalive) {
      return next;
    }
    Instant alive = now.plusMillis(random.nextInt(KEEPALIVE_MIN_MILLIS, KEEPALIVE_MAX_MILLIS + 1));
    return alive.isBefore(next) ? alive : next;
  }
}
