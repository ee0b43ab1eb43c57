package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.telemetry.HealthReport;

class ProbeStateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final HealthReport UP = HealthReport.up(Map.of());

  private static ProbeState.Snapshot at(int secondsAgo, boolean started, HealthReport... reports) {
    Map<String, HealthReport> byPart = new LinkedHashMap<>();
    for (HealthReport report : reports) {
      byPart.put("part " + byPart.size(), report);
    }
    return ProbeState.of(byPart, started, NOW.minusSeconds(secondsAgo), NOW);
  }

  @Tag("http-probes")
  @Test
  void readyAndStartedComeTogether() {
    assertThat(at(0, false, UP, HealthReport.down("migrating"))).matches(s -> !s.started());
    assertThat(at(0, false, UP, UP)).matches(s -> s.started() && s.ready() && s.alive());
  }

  @Test
  void readyCanGoAwayStartedCannot() {
    assertThat(at(0, true, HealthReport.down("storage"))).matches(s -> s.started() && !s.ready());
  }

  @Test
  void aDegradedPartTurnsNobodyAway() {
    assertThat(at(0, false, HealthReport.degraded("source is away")))
        .matches(ProbeState.Snapshot::ready);
  }

  @Test
  void aSilentLoopIsNotAlive() {
    assertThat(at(10, true, UP).alive()).isFalse();
    assertThat(at(9, true, UP).alive()).isTrue();
  }
}
