package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The token's clock where the machine's clock is set (sync API section 3.10). */
class TokenClockTest {
  private static final Instant EXPIRES = FakeTime.START.plus(Duration.ofHours(1));

  private final FakeTime time = new FakeTime();

  private TokenClock clock(boolean keepalive) {
    return new TokenClock(time, EXPIRES, keepalive, new Random(1));
  }

  private void pass(Duration duration) {
    time.set(time.instant().plus(duration));
  }

  @Test
  void keepalivesGoOnWhenTheClockIsSetBack() {
    TokenClock clock = clock(true);
    pass(Duration.ofMinutes(-10));
    assertThat(clock.untilDue()).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(22));
    pass(clock.untilDue().minusMillis(1));
    assertThat(clock.tell()).isEmpty();
    pass(Duration.ofMillis(1));
    long left = Duration.between(time.instant(), EXPIRES).plusMillis(999).toSeconds();
    assertThat(clock.tell()).isEqualTo(OptionalLong.of(left));
    assertThat(left).isGreaterThan(4_170);
  }

  @Test
  void theTimeThatIsLeftFollowsAClockThatIsSetForward() {
    TokenClock clock = clock(true);
    pass(Duration.ofMinutes(10));
    assertThat(clock.tell()).isEqualTo(OptionalLong.of(3_000));
    assertThat(clock.untilDue()).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(22));
    pass(Duration.ofMinutes(51));
    assertThat(clock.tell()).isEqualTo(OptionalLong.of(0));
  }

  @Test
  void withoutKeepalivesTheWarningStaysTwentySecondsBeforeTheEnd() {
    TokenClock clock = clock(false);
    pass(Duration.ofMinutes(-10));
    assertThat(time.instant().plus(clock.untilDue()))
        .isEqualTo(EXPIRES.minusSeconds(20).plusMillis(3));
  }
}
