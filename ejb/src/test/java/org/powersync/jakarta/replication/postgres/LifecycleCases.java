package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.StreamState;

/** Conformance cases of the life of a stream (LIF) and the faults that end one, by their ids. */
abstract class LifecycleCases {
  private static final String LISTS = "CREATE TABLE lists (id text PRIMARY KEY, name text)";
  private static final String QUERY = "SELECT id, name FROM lists";

  private EngineHarness engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private EngineHarness replicating(String name) {
    engine = new EngineHarness(name).config(QUERY);
    engine.execute(
        LISTS, "INSERT INTO lists SELECT 'l' || i, 'n' || i FROM generate_series(1, 250) i");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "lists", "id", "name");
    return engine;
  }

  /** F19: storage is restored from a backup; the slot is ahead of it. */
  @Test
  void noticesThatStorageWasSetBack() {
    replicating("set_back");
    engine.stop();
    Database backup = copy(engine.storage.database);
    String handedOut = "SELECT last_value FROM powersync.op_id_sequence";
    engine.start();
    engine.execute("UPDATE lists SET name = 'lost on storage' WHERE id = 'l1'");
    engine.awaitCaughtUp(1);
    long lastOp = Long.parseLong(engine.stored(handedOut));
    engine.stop();
    StorageHarness restored = new StorageHarness(backup, engine.storage.slotPrefix());
    engine.storage.close();
    engine.storage = restored;
    engine.start().awaitState(2, StreamState.ACTIVE);
    assertThat(engine.stored("SELECT state FROM powersync.sync_rules WHERE id = 1"))
        .isIn("STOP", "TERMINATED");
    engine.awaitEqual(2, "lists", "id", "name");
    assertThat(
            Long.parseLong(
                engine.stored("SELECT min(op_id) FROM powersync.bucket_data WHERE group_id = 2")))
        .isGreaterThan(lastOp);
  }

  /** The same storage, not set back, is not taken for one that was; idle positions included. */
  @Test
  void goesOnAfterIdlePositions() {
    replicating("idle_positions");
    engine.execute(
        "CREATE TABLE other (id int PRIMARY KEY)",
        "INSERT INTO other SELECT generate_series(1, 1000)");
    engine.awaitCaughtUp(1);
    for (int i = 0; i < 3; i++) {
      engine.stop();
      engine.execute("INSERT INTO other VALUES (" + (2000 + i) + ")");
      engine.start().awaitStreaming(1);
      engine.awaitCaughtUp(1);
    }
    assertThat(engine.list("SELECT id FROM powersync.sync_rules")).containsExactly("1");
  }

  private static Database copy(Database database) {
    Database copy = new Database(database.port(), database.name() + "_backup");
    try (Connection connection =
            TestPostgres.forStorage().server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
              + database.name()
              + "'");
      statement.execute("CREATE DATABASE " + copy.name() + " TEMPLATE " + database.name());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return copy;
  }

  /** LIF-21: the source was set back to before the last checkpoint. */
  @Tag("LIF-21")
  @Test
  void noticesThatTheSourceWasSetBack() {
    replicating("source_back");
    engine.stop();
    engine.storage.database.execute(
        "UPDATE powersync.sync_rules SET last_checkpoint_lsn = 'FFFFFF00/00000000' WHERE id = 1");
    engine.start().awaitState(2, StreamState.ACTIVE);
    engine.awaitEqual(2, "lists", "id", "name");
  }

  /** The source was set back to before rows that were copied but not shown yet. */
  @Test
  void noticesThatTheSourceWasSetBackBehindACopy() {
    replicating("copy_back");
    engine.stop();
    engine.storage.database.execute(
        "UPDATE powersync.sync_rules SET no_checkpoint_before = 'FFFFFF00/00000000' WHERE id = 1");
    engine.start().awaitState(2, StreamState.ACTIVE);
    engine.awaitEqual(2, "lists", "id", "name");
  }

  /** 5.1: another server, which happens to have a slot of the right name. */
  @Test
  void noticesAnotherServer() {
    replicating("other_server");
    engine.stop();
    engine.storage.database.execute("UPDATE powersync.x_source_marks SET system_identifier = '7'");
    engine.start().awaitState(2, StreamState.ACTIVE);
    assertThat(
            engine.stored(
                "SELECT system_identifier FROM powersync.x_source_marks WHERE"
                    + " stream_name = '"
                    + engine.slot(2)
                    + "'"))
        .isEqualTo(engine.sourced("SELECT system_identifier::text FROM pg_control_system()"));
  }

  /** LIF-05. */
  @Tag("LIF-05")
  @Test
  void survivesAPublicationThatIsCreatedAgain() {
    replicating("publication_again");
    engine.stop();
    engine.execute(
        "DROP PUBLICATION powersync",
        "UPDATE lists SET name = 'meanwhile' WHERE id = 'l1'",
        "CREATE PUBLICATION powersync FOR ALL TABLES");
    engine.start();
    // From version 18 on the slot goes on, without what was changed in between.
    engine.awaitState(2, StreamState.ACTIVE);
    engine.awaitEqual(2, "lists", "id", "name");
  }

  /** LIF-11: no third stream; the one that serves goes on serving, ERRORED. */
  @Tag("LIF-11")
  @Test
  void marksAnActiveStreamWhileAnotherIsBuilt() {
    replicating("two_streams");
    engine.stop();
    engine.execute("SELECT pg_drop_replication_slot('" + engine.slot(1) + "')");
    engine.storage.provider().deploy(Deployment.of(engine.configText() + "# again\n"));
    try (Connection blocker = engine.source.connect();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      // A slot cannot be created while this transaction runs: the second stream has to wait.
      statement.execute("SELECT txid_current()");
      engine.start(Optional.empty()).awaitState(1, StreamState.ERRORED);
      assertThat(engine.list("SELECT id FROM powersync.sync_rules")).hasSize(2);
      blocker.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    engine.awaitState(2, StreamState.ACTIVE);
    engine.awaitState(1, StreamState.TERMINATED);
    assertThat(engine.list("SELECT id FROM powersync.sync_rules")).hasSize(2);
  }

  /** LIF-15. */
  @Tag("LIF-15")
  @Test
  void stopsPromptlyWhileIdle() {
    replicating("prompt");
    engine.awaitCaughtUp(1);
    long before = System.nanoTime();
    engine.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    assertThat(
            engine.sourced(
                "SELECT active FROM pg_replication_slots WHERE slot_name = '"
                    + engine.slot(1)
                    + "'"))
        .isEqualTo("f");
    assertThat(
            engine.sourced(
                "SELECT confirmed_flush_lsn >= '"
                    + engine.stored(
                        "SELECT last_checkpoint_lsn FROM powersync.sync_rules WHERE id = 1")
                    + "'::pg_lsn FROM pg_replication_slots WHERE slot_name = '"
                    + engine.slot(1)
                    + "'"))
        .isEqualTo("t");
  }

  /** LIF-23, LIF-24: progress of interrupted starts is neither in the way nor lost. */
  @Tag("LIF-23")
  @Tag("LIF-24")
  @Test
  void completesAnInterruptedStart() {
    engine = new EngineHarness("interrupted").config(QUERY, "SELECT id, v FROM gone");
    engine.execute(
        LISTS,
        "CREATE TABLE gone (id text PRIMARY KEY, v text)",
        "INSERT INTO lists SELECT 'l' || i, 'n' || i FROM generate_series(1, 250) i",
        "INSERT INTO gone SELECT 'g' || i, 'v' FROM generate_series(1, 250) i");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "gone", "id", "v");
    engine.stop();
    // As if the copy of one table had been interrupted, and the table dropped since.
    engine.storage.database.execute(
        "UPDATE powersync.source_tables SET snapshot_done = false WHERE table_name = 'gone'",
        "UPDATE powersync.sync_rules SET snapshot_done = false, last_checkpoint_lsn = NULL,"
            + " state = 'PROCESSING'");
    engine.execute("DROP TABLE gone");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "lists", "id", "name");
    assertThat(
            engine.list("SELECT table_name FROM powersync.source_tables WHERE NOT snapshot_done"))
        .isEmpty();
    engine.stop();
    // As if the first checkpoint was missing, and the slot too.
    engine.storage.database.execute(
        "UPDATE powersync.sync_rules SET last_checkpoint_lsn = NULL, state = 'PROCESSING'");
    String slot = engine.slot(1);
    engine.execute("SELECT pg_drop_replication_slot('" + slot + "')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "lists", "id", "name");
    assertThat(engine.slot(1)).isEqualTo(slot);
    assertThat(engine.list("SELECT id FROM powersync.sync_rules")).hasSize(1);
  }

  /** F5: packets vanish in both directions, nothing is reset. */
  @Test
  void noticesABlackHole() throws Exception {
    engine = new EngineHarness("black_hole").config(QUERY);
    engine.execute(LISTS, "INSERT INTO lists VALUES ('l1', 'a')");
    try (TcpProxy proxy = new TcpProxy(engine.source.port())) {
      engine.port = proxy.port();
      engine.start().awaitState(1, StreamState.ACTIVE);
      engine.awaitStreaming(1);
      engine.awaitCaughtUp(1);
      proxy.swallow(true);
      long since = System.nanoTime();
      engine.execute("INSERT INTO lists VALUES ('l2', 'b')");
      Await.until(
          () -> "noticed; " + engine.status(),
          Duration.ofSeconds(30),
          () -> engine.stream(1).lastFailure().isPresent());
      assertThat(engine.stream(1).lastFailure().orElseThrow().code()).contains("PSYNC_S1121");
      assertThat(engine.stream(1).phase()).isNotEqualTo(Phase.STREAMING);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(30));
      proxy.swallow(false);
      long back = System.nanoTime();
      engine.awaitEqual(1, "lists", "id", "name");
      assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(20));
    }
  }

  /** The new timeline of a failover lacks the end of the one before; copied rows had shown it. */
  @ParameterizedTest
  @CsvSource({"0, 1", "8192, 2"})
  void goesOnAfterAFailoverUnlessItLostWhatIsStored(long barrierBytesBehindTheEnd, int serving)
      throws Exception {
    TestPostgres own = TestPostgres.start();
    try (RestartableServer server = new RestartableServer(own)) {
      engine =
          new EngineHarness(own.createDatabase("failed_over"), new StorageHarness()).config(QUERY);
      engine.execute(LISTS, "INSERT INTO lists VALUES ('l1', 'a')");
      engine.start().awaitState(1, StreamState.ACTIVE);
      engine.awaitCaughtUp(1);
      engine.stop();
      server.failOver();
      if (barrierBytesBehindTheEnd > 0) {
        PgLsn end = PgLsn.parse(engine.sourced("SELECT pg_current_wal_insert_lsn()"));
        PgLsn shown = new PgLsn(end.value() + barrierBytesBehindTheEnd);
        engine.storage.database.execute(
            "UPDATE powersync.sync_rules SET no_checkpoint_before = '" + shown + "'");
      }
      engine.execute("INSERT INTO lists VALUES ('l2', 'b')");
      engine.start().awaitState(serving, StreamState.ACTIVE);
      engine.awaitCaughtUp(serving);
      engine.awaitEqual(serving, "lists", "id", "name");
      assertThat(engine.list("SELECT id FROM powersync.sync_rules")).hasSize(serving);
      engine.close();
      engine = null;
    }
  }

  /** F4: the source is restarted under load. */
  @Test
  void resumesWhenTheSourceIsBack() throws Exception {
    TestPostgres own = TestPostgres.start();
    try (RestartableServer server = new RestartableServer(own)) {
      engine =
          new EngineHarness(own.createDatabase("restarted"), new StorageHarness()).config(QUERY);
      engine.execute(LISTS, "INSERT INTO lists VALUES ('l1', 'a')");
      engine.start().awaitState(1, StreamState.ACTIVE);
      for (String mode : List.of("fast", "immediate")) {
        engine.execute("INSERT INTO lists VALUES ('" + mode + "', 'before')");
        server.restart(mode);
        long back = System.nanoTime();
        engine.execute("INSERT INTO lists VALUES ('" + mode + " after', 'x')");
        engine.awaitEqual(1, "lists", "id", "name");
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(10));
      }
      assertThat(engine.list("SELECT id FROM powersync.sync_rules")).hasSize(1);
      engine.close();
      engine = null;
    }
  }
}
