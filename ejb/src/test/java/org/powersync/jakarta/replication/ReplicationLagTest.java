package org.powersync.jakarta.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CHK-13 and section 5.5. */
@Tag("CHK-13")
class ReplicationLagTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReplicationLag lag = new ReplicationLag(() -> now);

  private void pass(long seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  @Test
  void isUnknownBeforeTheFirstCheckpoint() {
    assertThat(lag.seconds()).isEmpty();
    lag.committed(true);
    assertThat(lag.seconds()).isEmpty();
    lag.keptAlive(true);
    assertThat(lag.seconds()).hasValue(0);
  }

  @Test
  void showsTheOldestChangeThatWaits() {
    lag.committed(false);
    lag.began(now.minusSeconds(10));
    lag.began(now);
    assertThat(lag.seconds()).hasValue(10);
    pass(3);
    assertThat(lag.seconds()).hasValue(13);
  }

  @Test
  void remembersForThirtySeconds() {
    lag.began(now.minusSeconds(10));
    lag.committed(false);
    assertThat(lag.seconds()).hasValue(10);
    pass(24);
    assertThat(lag.seconds()).hasValue(10);
    pass(7);
    assertThat(lag.seconds()).hasValue(0);
  }

  /** CHK-10. */
  @Tag("CHK-10")
  @Test
  void blockedCommitsDoNotClear() {
    lag.committed(false);
    lag.began(now.minusSeconds(10));
    lag.committed(true);
    pass(5);
    assertThat(lag.seconds()).hasValue(15);
    lag.keptAlive(true);
    assertThat(lag.seconds()).hasValue(15);
    lag.keptAlive(false);
    assertThat(lag.seconds()).hasValue(0);
  }
}
