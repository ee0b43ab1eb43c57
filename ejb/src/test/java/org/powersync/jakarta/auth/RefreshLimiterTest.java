package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefreshLimiterTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

  private final RefreshLimiter limiter = new RefreshLimiter();

  private boolean at(double seconds) {
    return limiter.tryAcquire(START.plusMillis((long) (seconds * 1000)));
  }

  @Test
  void growsThePauseWithEveryRefresh() {
    assertThat(at(0)).isTrue();
    assertThat(at(0.5)).as("the second waits 0.6 s").isFalse();
    assertThat(at(0.61)).isTrue();
    assertThat(at(2.8)).as("the third waits nearly 2.3 s more").isFalse();
    assertThat(at(3.1)).isTrue();
  }

  @Test
  void grantsOneAMinuteInTheLongRun() {
    int granted = 0;
    for (int tenth = 0; tenth < 36_000; tenth++) {
      granted += at(tenth / 10.0) ? 1 : 0;
    }
    assertThat(granted).isBetween(60, 72);
  }

  @Test
  void recoversWhenLeftAlone() {
    for (int second = 0; second < 600; second++) {
      at(second);
    }
    assertThat(at(2000)).isTrue();
    assertThat(at(2000.7)).isTrue();
  }

  @Test
  void goesOnAfterTheClockWasSetBack() {
    assertThat(at(1000)).isTrue();
    at(0);
    assertThat(at(2)).isTrue();
  }
}
