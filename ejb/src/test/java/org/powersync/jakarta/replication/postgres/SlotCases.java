package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.storage.StreamState;

/** Conformance cases that need a source server of their own: lost slots and refused passwords. */
abstract class SlotCases {
  private static final String LISTS = "CREATE TABLE lists (id text PRIMARY KEY, name text)";
  private static final int MOST_SWITCHES = 60;

  private TestPostgres server;
  private EngineHarness engine;

  @BeforeEach
  void start() {
    server = TestPostgres.start();
    engine =
        new EngineHarness(server.createDatabase("slots"), new StorageHarness())
            .config("SELECT id, name FROM lists");
    engine.execute(LISTS);
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    server.server().close();
  }

  private void limitLog(String size) {
    assumeTrue(server.major() >= 13, "older servers do not limit the log of slots");
    engine.execute(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '" + size + "'", "SELECT pg_reload_conf()");
    Await.until(
        "limit is " + size,
        EngineHarness.DEADLINE,
        () -> size.equals(engine.sourced("SHOW max_slot_wal_keep_size")));
  }

  /** Writes log until the slot is beyond the limit. */
  private void loseSlot(int stream) {
    limitLog("16MB");
    String status =
        "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '"
            + engine.slot(stream)
            + "'";
    for (int i = 0; i < MOST_SWITCHES && !"lost".equals(engine.sourced(status)); i++) {
      engine.execute(
          "SELECT pg_logical_emit_message(false, 'other', 'x')",
          "SELECT pg_switch_wal()",
          "CHECKPOINT");
    }
    assertThat(engine.sourced(status)).isEqualTo("lost");
  }

  /**
   * A server goes on making a slot whose connection is gone, and the slot begins behind the copy.
   */
  @Test
  void aSlotThatAnEndedProcessLeftUnfinishedIsMadeAnew() throws SQLException {
    engine.execute("INSERT INTO lists VALUES ('l1', 'a')");
    try (Connection blocker = engine.source.connect();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("SELECT txid_current()");
      engine.start();
      String making =
          "SELECT active_pid FROM pg_replication_slots WHERE database = current_database()";
      Await.until(
          "the slot is being made", EngineHarness.DEADLINE, () -> engine.sourced(making) != null);
      String orphan = engine.sourced(making);
      engine.stop();
      assertThat(engine.sourced(making)).isEqualTo(orphan);
      engine.start();
      Await.until(
          () -> "the next attempt is at work; " + engine.status(),
          EngineHarness.DEADLINE,
          () ->
              engine.sourced(making) != null && !orphan.equals(engine.sourced(making))
                  || engine.stored("SELECT 1 FROM powersync.sync_rules WHERE snapshot_done")
                      != null);
      engine.execute("INSERT INTO lists VALUES ('l2', 'b')");
      blocker.commit();
    }
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "lists", "id", "name");
  }

  @Tag("LIF-06")
  @Test
  void replicatesAnewWhenTheSlotWasLostMeanwhile() {
    engine.execute("INSERT INTO lists VALUES ('l1', 'a')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.stop();
    loseSlot(1);
    limitLog("-1");
    engine.execute("INSERT INTO lists VALUES ('l2', 'b')");
    engine.start().awaitState(2, StreamState.ACTIVE);
    engine.awaitEqual(2, "lists", "id", "name");
    assertThat(engine.stored("SELECT state FROM powersync.sync_rules WHERE id = 1"))
        .isIn("STOP", "TERMINATED");
    assertThat(engine.slot(2)).isNotEqualTo(engine.slot(1));
  }

  @Tag("LIF-08")
  @Test
  void waitsForTheOperatorWhenTheSlotWasLostDuringTheCopy() {
    engine.options = engine.options.withSnapshotWorkers(1).withSnapshotReaders(1);
    engine.execute(
        "INSERT INTO lists SELECT lpad(i::text, 6, '0'), repeat('x', 300)"
            + " FROM generate_series(1, 20000) i");
    engine.start();
    Await.until(
        () -> "some chunks copied; " + engine.status(),
        EngineHarness.DEADLINE,
        () ->
            "t"
                .equals(
                    engine.stored(
                        "SELECT bool_or(snapshot_replicated_count > 0) FROM"
                            + " powersync.source_tables")));
    engine.stop();
    assertThat(engine.stored("SELECT snapshot_done FROM powersync.sync_rules")).isEqualTo("f");
    loseSlot(1);
    engine.start();
    Await.until(
        () -> "the loss is reported; " + engine.status(),
        EngineHarness.DEADLINE,
        () -> engine.stream(1).lastFailure().isPresent());
    Optional<Problem> failure = engine.stream(1).lastFailure();
    assertThat(failure.orElseThrow().message())
        .contains("PSYNC_S1146")
        .contains("max_slot_wal_keep_size");
    assertThat(engine.list("SELECT id || ' ' || state FROM powersync.sync_rules"))
        .containsExactly("1 PROCESSING");
    // What the operator is told to do mends it: the same stream starts over.
    engine.stop();
    limitLog("-1");
    engine.execute("SELECT pg_drop_replication_slot('" + engine.slot(1) + "')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "lists", "id", "name");
  }

  @Tag("LIF-14")
  @Test
  void sendsNoHeartbeatWhileAPasswordIsRefused() throws Exception {
    String rules = engine.sourced("SHOW hba_file");
    engine.execute("ALTER ROLE postgres PASSWORD 'another'");
    Path file = Path.of(rules);
    String before = Files.readString(file);
    try (TcpProxy proxy = new TcpProxy(engine.source.port())) {
      engine.port = proxy.port();
      Files.writeString(file, "host " + engine.source.name() + " all all scram-sha-256\n" + before);
      reload();
      engine.start();
      Await.until(
          () -> "refused; " + engine.status(),
          EngineHarness.DEADLINE,
          () -> engine.stream(1).lastFailure().isPresent());
      assertThat(engine.stream(1).lastFailure().orElseThrow().message())
          .contains("password authentication failed");
      int connections = proxy.accepted();
      Await.pause(Duration.ofSeconds(11));
      assertThat(proxy.accepted()).isEqualTo(connections);
      engine.stop();
    } finally {
      Files.writeString(file, before);
      reload();
    }
  }

  private void reload() throws Exception {
    try (var connection = server.server().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SELECT pg_reload_conf()");
    }
  }
}
