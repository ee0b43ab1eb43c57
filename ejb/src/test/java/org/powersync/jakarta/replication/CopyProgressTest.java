package org.powersync.jakarta.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.ReplicationStatus.Table;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.syncconfig.TableName;

class CopyProgressTest {
  private static final TableName LISTS = TableName.of("public", "lists");
  private static final TableName TODOS = TableName.of("public", "todos");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final StreamProgress progress =
      new StreamProgress(
          new ReplicationStream(
              new GroupId(1), "powersync_1_0f3a", StreamState.PROCESSING, 3, "", Optional.empty()),
          () -> now);

  @Test
  void tellsRateAndTimeLeft() {
    progress.table(LISTS, 100, 100, true);
    progress.table(TODOS, 1000, 0, false);
    now = now.plusSeconds(2);
    progress.table(TODOS, 1000, 200, false);
    CopyProgress copy = progress.status().copy();
    assertThat(copy.rowsPerSecond()).isEqualTo(100);
    assertThat(copy.secondsLeft()).hasValue(8);
    assertThat(copy)
        .hasToString("1 of 2 tables, 300 of about 1100 rows (27 %), 100 rows/s, about 8 s left");
    assertThat(progress.status().tables().get(1).copy().secondsLeft()).hasValue(8);
  }

  @Test
  void forgetsHowFastItOnceWas() {
    progress.table(TODOS, 100_000, 0, false);
    now = now.plusSeconds(10);
    progress.table(TODOS, 100_000, 50_000, false);
    for (int i = 0; i < 60; i++) {
      now = now.plusSeconds(1);
      progress.table(TODOS, 100_000, 50_000 + i, false);
    }
    assertThat(progress.status().copy().rowsPerSecond()).isBetween(0.5, 2.0);
  }

  @Test
  void doesNotGuessWhatWasNeverAnalysed() {
    Table table = new Table("public", "t", -1, 500, false, OptionalDouble.of(50));
    CopyProgress copy = CopyProgress.of(List.of(table));
    assertThat(copy.estimatedRows()).isEmpty();
    assertThat(copy.secondsLeft()).isEmpty();
    assertThat(copy).hasToString("0 of 1 tables, 500 of ? rows, 50 rows/s");
  }

  @Test
  void anEstimateIsNeverBelowWhatIsCopied() {
    Table table = new Table("public", "t", 100, 500, false, OptionalDouble.of(50));
    assertThat(CopyProgress.of(List.of(table)).estimatedRows()).hasValue(500);
  }

  @Test
  void isMeasuredWhileTablesAreCopied() {
    progress.table(LISTS, 100, 100, true);
    progress.table(TODOS, 1000, 0, false);
    now = now.plusSeconds(2);
    progress.table(TODOS, 1000, 200, false);
    assertThat(CopyMetrics.of(status()))
        .extracting(metric -> metric.name() + " " + metric.value())
        .containsExactly(
            "powersync_snapshot_tables 2",
            "powersync_snapshot_tables_done 1",
            "powersync_snapshot_rows_copied 300",
            "powersync_snapshot_rows_estimated 1100",
            "powersync_snapshot_rows_per_second 100",
            "powersync_snapshot_seconds_left 8");
    progress.table(TODOS, 1000, 1000, true);
    assertThat(CopyMetrics.of(status())).isEmpty();
  }

  private ReplicationStatus status() {
    return new ReplicationStatus(
        "postgresql-x", true, Optional.empty(), List.of(progress.status()));
  }
}
