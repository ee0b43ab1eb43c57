package org.powersync.jakarta.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  private final StopSignal stop = new StopSignal();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void runsActionsOnce() {
    stop.onStop(runs::incrementAndGet);
    stop.stop();
    stop.stop();
    assertThat(runs).hasValue(1);
    assertThatThrownBy(stop::check).hasMessageContaining("PSYNC_S1103");
  }

  @Test
  void runsLateActionsAtOnce() {
    stop.stop();
    stop.onStop(runs::incrementAndGet);
    assertThat(runs).hasValue(1);
  }

  @Test
  void closedRegistrationsDoNotRun() {
    stop.onStop(runs::incrementAndGet).close();
    stop.stop();
    assertThat(runs).hasValue(0);
  }
}
