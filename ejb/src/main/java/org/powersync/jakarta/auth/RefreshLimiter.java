package org.powersync.jakarta.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * How often a key set may be fetched (sync API section 6.5): ten times in a row with growing
 * pauses, then once a minute. Not safe for threads by itself.
 */
final class RefreshLimiter {
  private static final double CAPACITY = 10;
  private static final double SECONDS_PER_TOKEN = 60;

  private double used;
  private Instant last;

  /** Takes a token if there is one and the pause is over. */
  boolean tryAcquire(Instant now) {
    if (last == null) {
      last = now;
      used = 1;
      return true;
    }
    // A clock that was set back must not stop refreshing.
    double seconds = Math.max(0, Duration.between(last, now).toMillis() / 1000.0);
    double usedNow = Math.max(0, used - seconds / SECONDS_PER_TOKEN);
    double pause = Math.pow(usedNow / CAPACITY, 2) * SECONDS_PER_TOKEN;
    if (now.isBefore(last)) {
      last = now;
      return false;
    }
    if (usedNow + 1 > CAPACITY || seconds < pause) {
      return false;
    }
    used = usedNow + 1;
    last = now;
    return true;
  }
}
