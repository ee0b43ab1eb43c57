package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.storage.postgres.cases.StorageCase.E;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketWriter.CommitResult;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.CustomWriteCheckpoint;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.WriteCheckpoints;

/** Cases D22 to D34 about checkpoints, C1 to C6 about write checkpoints, N4 about watching. */
class CheckpointCasesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d22EmptyCheckpoints(int version) {
    try (StorageCase c = new StorageCase(version, E).done("1/1")) {
      c.commit("1/1");
      assertThat(position(c)).isEqualTo("1/1");
      c.commit("2/1");
      assertThat(position(c)).isEqualTo("2/1");
      c.writer().keepalive(new Lsn("3/1"));
      assertThat(position(c)).isEqualTo("3/1");
      c.commitIfChanged("4/1");
      assertThat(position(c)).isEqualTo("3/1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d24ActivationWithoutEmptyCheckpoints(int version) {
    try (StorageCase c = new StorageCase(version, E)) {
      assertThat(c.commitIfChanged("1/1")).isEqualTo(new CommitResult(true, false));
      c.done("3/1");
      assertThat(c.commitIfChanged("2/1").blocked()).isTrue();
      assertThat(c.status().lastCheckpointLsn()).isEmpty();
      assertThat(c.commitIfChanged("3/1")).isEqualTo(new CommitResult(false, true));
      assertThat(position(c)).isEqualTo("3/1");
      assertThat(c.status().state()).isEqualTo(StreamState.ACTIVE);
      assertThat(c.commitIfChanged("4/1")).isEqualTo(new CommitResult(false, false));
      assertThat(position(c)).isEqualTo("3/1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d34BlockedCommits(int version) {
    try (StorageCase c = new StorageCase(version, StorageCase.G_STAR)) {
      c.save(insert(c.table("test"), row("id", "a")));
      assertThat(c.flush()).contains(new OpId(1));
      assertThat(c.commitIfChanged("0/5").blocked()).isTrue();
      assertThat(keepaliveOp(c)).isEqualTo("1");
      c.done("1/0");
      assertThat(c.commitIfChanged("1/0").created()).isTrue();
      assertThat(c.checkpoint()).isEqualTo(new OpId(1));
      assertThat(keepaliveOp(c)).isEqualTo("null");
      assertThat(c.commitIfChanged("0/9").blocked()).isTrue();
      assertThat(keepaliveOp(c)).isEqualTo("0");
      assertThat(c.commitIfChanged("1/0").created()).isTrue();
      assertThat(c.commitIfChanged("1/0")).isEqualTo(new CommitResult(false, false));
    }
  }

  @Test
  void c1ManagedRequestBeforeTheCommit() throws Exception {
    try (StorageCase c = new StorageCase(2, E).done("1/1")) {
      WriteCheckpoints.Result made = create(c, "user1", "5/0", OptionalLong.empty());
      c.writer().keepalive(new Lsn("5/0"));
      try (CheckpointSubscription watch = c.reader().watch()) {
        CheckpointSubscription.Advanced first = (CheckpointSubscription.Advanced) watch.next(SOON);
        assertThat(first.checkpoint().opId()).isEqualTo(OpId.ZERO);
        assertThat(first.checkpoint().lsn()).contains(new Lsn("5/0"));
        assertThat(c.writeCheckpoints("user1", "5/0")).isEqualTo(made.numbers());
      }
    }
  }

  @Test
  void c3SuppliedIds() {
    try (StorageCase c = new StorageCase(2, E)) {
      assertThat(create(c, "user1", "5/0", OptionalLong.of(42))).isEqualTo(result(42));
      assertThat(c.writeCheckpoints("user1", "5/0")).isEqualTo(Map.of("user1", 42L));
      assertThat(create(c, "user1", "8/0", OptionalLong.of(41))).isEqualTo(result(42));
      assertThat(c.writeCheckpoints("user1", "6/0")).isEqualTo(Map.of("user1", 42L));
      assertThat(create(c, "user1", "8/0", OptionalLong.of(42))).isEqualTo(result(42));
      assertThat(c.writeCheckpoints("user1", "6/0")).isEqualTo(Map.of("user1", 42L));
      assertThat(create(c, "user1", "8/0", OptionalLong.of(43))).isEqualTo(result(43));
      assertThat(c.writeCheckpoints("user1", "7/0")).isEmpty();
      assertThat(c.writeCheckpoints("user1", "8/0")).isEqualTo(Map.of("user1", 43L));
      assertThat(create(c, "user1", "9/0", OptionalLong.empty())).isEqualTo(result(44));
    }
  }

  @Test
  void c4AndC6Custom() {
    try (StorageCase c = new StorageCase(2, E).done("1/1")) {
      c.writer().keepalive(new Lsn("5/0"));
      assertThat(custom(c)).isEmpty();
      c.writer().save(custom(5));
      assertThat(custom(c)).isEmpty();
      c.flush();
      assertThat(custom(c)).isEqualTo(Map.of("user1", 5L));
      c.writer().save(custom(6));
      c.writer().keepalive(new Lsn("6/0"));
      assertThat(custom(c)).isEqualTo(Map.of("user1", 6L));
      c.writer().save(custom(8));
      c.writer().save(custom(7));
      c.flush();
      assertThat(custom(c)).isEqualTo(Map.of("user1", 7L));
      assertThatThrownBy(
              () ->
                  c.storage()
                      .customWriteCheckpoints()
                      .create(
                          List.of(
                              new WriteCheckpoints.Request(
                                  "user1", new Lsn("1/1"), OptionalLong.empty()))))
          .isInstanceOfSatisfying(
              PowerSyncException.class,
              failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S2001);
                assertThat(failure.httpStatus()).isEqualTo(400);
              });
    }
  }

  @Test
  void c8CustomRetentionMarker() {
    try (StorageCase c = new StorageCase(2, E)) {
      c.writer()
          .save(
              new CustomWriteCheckpoint(
                  "user1", 51, Optional.of(Instant.parse("2024-01-01T00:00:00Z"))));
      c.flush();
      String requested =
          "SELECT checkpoint_requested_at AS at FROM powersync.custom_write_checkpoints";
      assertThat(c.rows(requested).get(0).get("at").asText()).startsWith("2024-01-01");
      c.writer().save(custom(52));
      c.flush();
      assertThat(c.rows(requested).get(0).get("at").isNull()).isTrue();
    }
  }

  /** Nothing of a commit can be there without the rest of it, whenever the process is killed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void changesAndTheirCheckpointsAreOneTransaction(int version) {
    try (StorageCase c = new StorageCase(version, StorageCase.G_STAR).done("1/1")) {
      c.save(insert(c.table("test"), row("id", "a")));
      c.writer().save(custom(5));
      c.commit("1/1");
      assertThat(custom(c)).isEqualTo(Map.of("user1", 5L));
      String transactions =
          """
          SELECT count(DISTINCT xmin::text) AS n FROM (
            SELECT xmin FROM powersync.bucket_data
            UNION ALL SELECT xmin FROM %s
            UNION ALL SELECT xmin FROM powersync.custom_write_checkpoints
            UNION ALL SELECT xmin FROM powersync.x_source_marks) t\
          """;
      String rows = version < 3 ? "powersync.current_data" : "powersync.v3_current_data";
      assertThat(c.rows(transactions.formatted(rows)).get(0).get("n").asInt()).isEqualTo(1);
      assertThat(position(c)).isEqualTo("1/1");
    }
  }

  @Test
  void customCheckpointsWaitForAFlushThatWorks() {
    try (StorageCase c = new StorageCase(2, StorageCase.G_STAR)) {
      c.save(insert(c.table("test"), row("id", "a")));
      c.writer().save(custom(5));
      c.execute("ALTER TABLE powersync.bucket_data ADD CONSTRAINT refuse CHECK (op_id > 1)");
      assertThatThrownBy(c::flush).isInstanceOf(PowerSyncException.class);
      assertThat(custom(c)).isEmpty();
      c.flush();
      assertThat(custom(c)).isEqualTo(Map.of("user1", 5L));
    }
  }

  @Test
  void n4Replacement() throws Exception {
    try (StorageCase c = new StorageCase(2, E).done("1/0")) {
      c.commit("1/0");
      try (CheckpointSubscription watch = c.reader().watch()) {
        assertThat(watch.next(SOON)).isInstanceOf(CheckpointSubscription.Advanced.class);
        c.deploy(StorageCase.G_STAR).done("2/0").commit("2/0");
        assertThat(watch.next(SOON)).isInstanceOf(CheckpointSubscription.Ended.class);
      }
    }
  }

  private static String position(StorageCase c) {
    return c.status().lastCheckpointLsn().orElseThrow().value();
  }

  private static String keepaliveOp(StorageCase c) {
    return c.rows("SELECT keepalive_op FROM powersync.sync_rules")
        .get(0)
        .get("keepalive_op")
        .asText();
  }

  private static CustomWriteCheckpoint custom(long number) {
    return new CustomWriteCheckpoint("user1", number, Optional.empty());
  }

  private static Map<String, Long> custom(StorageCase c) {
    return c.storage().customWriteCheckpoints().effective(List.of("user1"), Optional.empty());
  }

  private static WriteCheckpoints.Result create(
      StorageCase c, String user, String head, OptionalLong number) {
    return c.provider()
        .writeCheckpoints()
        .create(List.of(new WriteCheckpoints.Request(user, new Lsn(head), number)));
  }

  private static WriteCheckpoints.Result result(long number) {
    return new WriteCheckpoints.Result(Map.of("user1", number), true);
  }
}
