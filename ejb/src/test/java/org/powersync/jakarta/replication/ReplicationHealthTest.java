package org.powersync.jakarta.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.HealthReport;
import org.powersync.jakarta.telemetry.HealthReport.State;

class ReplicationHealthTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(60);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final StreamProgress progress =
      new StreamProgress(
          new ReplicationStream(
              new GroupId(1), "powersync_1_0f3a", StreamState.ACTIVE, 3, "", Optional.empty()),
          () -> now);

  private HealthReport report(Problem problem) {
    return ReplicationHealth.report(
        new ReplicationStatus(
            "postgresql-x", true, Optional.ofNullable(problem), List.of(progress.status())),
        now,
        now,
        HEARTBEAT);
  }

  @Test
  void isUpWhilePositionsAreConfirmed() {
    progress.enter(Phase.STREAMING, "");
    progress.confirm(new Lsn("00000000/00000010"));
    now = now.plusSeconds(70);
    assertThat(report(null).state()).isEqualTo(State.UP);
  }

  @Test
  void complainsAboutTheAgeOfTheLastPosition() {
    progress.enter(Phase.STREAMING, "");
    progress.confirm(new Lsn("00000000/00000010"));
    now = now.plusSeconds(81);
    assertThat(report(null).state()).isEqualTo(State.DEGRADED);
    assertThat(report(null).reason()).contains("powersync_1_0f3a", "81 s");
    progress.confirm(new Lsn("00000000/00000010"));
    assertThat(report(null).state()).isEqualTo(State.UP);
  }

  @Test
  void repeatsTheLastFailureUntilThereIsProgress() {
    progress.fail(new IllegalStateException("no such host"), now.plusSeconds(30));
    assertThat(report(null).reason()).contains("no such host");
    progress.enter(Phase.STREAMING, "");
    progress.confirm(new Lsn("00000000/00000010"));
    assertThat(report(null).state()).isEqualTo(State.UP);
  }

  @Test
  void isDownWhenTheConfigWasNotDeployed() {
    assertThat(report(new Problem(Optional.of("PSYNC_R0001"), "mend it", now)).state())
        .isEqualTo(State.DOWN);
  }

  @Test
  void livenessSeesALoopThatIsStuck() {
    ReplicationStatus status = new ReplicationStatus("x", true, Optional.empty(), List.of());
    HealthReport turning = ReplicationHealth.report(status, now.minusSeconds(50), now, HEARTBEAT);
    assertThat(turning.details()).containsEntry(ReplicationHealth.TOUCHED_AT, now);
    HealthReport stuck = ReplicationHealth.report(status, now.minusSeconds(61), now, HEARTBEAT);
    assertThat(stuck.state()).isEqualTo(State.DOWN);
    assertThat(stuck.details()).containsEntry(ReplicationHealth.TOUCHED_AT, now.minusSeconds(61));
  }

  @Test
  void aStandbyIsUp() {
    progress.enter(Phase.WAITING_FOR_LOCK, "");
    now = now.plusSeconds(3600);
    assertThat(report(null).state()).isEqualTo(State.UP);
  }

  @Test
  void aProcessThatDoesNotReplicateIsUp() {
    assertThat(ReplicationHealth.report(ReplicationStatus.OFF, now, now, HEARTBEAT).state())
        .isEqualTo(State.UP);
  }
}
