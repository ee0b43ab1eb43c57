package org.powersync.jakarta.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RateLimiter limiter = new RateLimiter(nanos::get);

  @Test
  void aStreamWaitsForItselfAndForAll() {
    RateLimiter one = limiter.forStream();
    RateLimiter other = limiter.forStream();
    one.delay(Duration.ofSeconds(30));
    assertThat(one.open()).isFalse();
    assertThat(other.open()).isTrue();
    assertThat(limiter.open()).isTrue();
    other.delayEvery(Duration.ofSeconds(40));
    assertThat(one.remaining()).isEqualTo(Duration.ofSeconds(40));
    assertThat(limiter.open()).isFalse();
    pass(Duration.ofSeconds(40));
    assertThat(one.open()).isTrue();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void startsOpenAndSpacesAttempts() throws InterruptedException {
    StopSignal stop = new StopSignal();
    assertThat(limiter.awaitTurn(stop)).isTrue();
    assertThat(limiter.remaining()).isEqualTo(RateLimiter.BETWEEN_ATTEMPTS);
    pass(RateLimiter.BETWEEN_ATTEMPTS);
    assertThat(limiter.open()).isTrue();
  }

  @Test
  void onlyMovesLater() {
    limiter.delay(Duration.ofMinutes(15));
    limiter.delay(Duration.ofSeconds(2));
    assertThat(limiter.remaining()).isEqualTo(Duration.ofMinutes(15));
    pass(Duration.ofMinutes(14));
    limiter.delay(Duration.ofMinutes(2));
    assertThat(limiter.remaining()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void waitingEndsWithStop() throws InterruptedException {
    limiter.delay(Duration.ofMinutes(15));
    StopSignal stop = new StopSignal();
    stop.stop();
    assertThat(limiter.awaitTurn(stop)).isFalse();
  }
}
