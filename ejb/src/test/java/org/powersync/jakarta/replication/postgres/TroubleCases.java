package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.StreamState;

/** What keeps a source from being replicated is visible with its code, and ends when mended. */
abstract class TroubleCases {
  private static final String QUERY = "SELECT id FROM lists";
  private static final String LISTS = "CREATE TABLE lists (id text PRIMARY KEY)";

  private EngineHarness engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private String stored() {
    return engine.stored("SELECT coalesce(last_fatal_error, '') FROM powersync.sync_rules");
  }

  /** In the status of this process, and in storage, where diagnostics read it. */
  private void awaitFailure(String code) {
    Await.until(
        () -> code + "; " + engine.status(),
        EngineHarness.DEADLINE,
        () ->
            engine.stream(1).lastFailure().flatMap(Problem::code).filter(code::equals).isPresent());
    Await.until(code + " is stored", EngineHarness.DEADLINE, () -> stored().contains(code));
    assertThat(engine.stored("SELECT state FROM powersync.sync_rules")).isEqualTo("PROCESSING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "12; PSYNC_S1141;",
        "12; PSYNC_S1142; publish = 'insert, update, delete'",
        "13; PSYNC_S1143; publish_via_partition_root = true"
      })
  void aPublicationThatDoesNotFitIsNamed(int since, String code, String option) {
    engine = new EngineHarness("trouble").config(QUERY);
    assumeTrue(TestPostgres.shared().major() >= since, "older publications know no such option");
    engine.execute(LISTS, "INSERT INTO lists VALUES ('a')", "DROP PUBLICATION powersync");
    if (option != null) {
      engine.execute("CREATE PUBLICATION powersync FOR ALL TABLES WITH (" + option + ")");
    }
    engine.start();
    awaitFailure(code);
    engine.execute(
        "DROP PUBLICATION IF EXISTS powersync", "CREATE PUBLICATION powersync FOR ALL TABLES");
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    assertThat(engine.stream(1).lastFailure()).isEmpty();
    assertThat(stored()).isEmpty();
    assertThat(engine.operations(1)).containsExactly("PUT a");
  }

  /** Storage takes what a transaction does before its end, and then no checkpoint. */
  @Test
  void aPartOfATransactionStaysBehindABarrier() {
    engine = new EngineHarness("trouble").config(QUERY, "SELECT id FROM todos");
    engine.execute(
        LISTS, "CREATE TABLE todos (id text PRIMARY KEY)", "INSERT INTO lists VALUES ('a')");
    engine.start();
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    engine.storage.database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no checkpoint today'; END $$""",
        """
        CREATE TRIGGER refuse BEFORE UPDATE ON powersync.sync_rules FOR EACH ROW
        WHEN (NEW.last_checkpoint IS DISTINCT FROM OLD.last_checkpoint) EXECUTE FUNCTION refuse()""");
    String before = engine.sourced("SELECT pg_current_wal_insert_lsn()");
    engine.execute("BEGIN; INSERT INTO todos VALUES ('b'); TRUNCATE lists; COMMIT");
    Await.until(
        "the truncate is stored",
        EngineHarness.DEADLINE,
        () -> engine.stored("SELECT 1 FROM powersync.bucket_data WHERE op = 'REMOVE'") != null);
    PgLsn barrier =
        PgLsn.parse(engine.stored("SELECT no_checkpoint_before FROM powersync.sync_rules"));
    assertThat(barrier).isGreaterThan(PgLsn.parse(before));
    engine.storage.database.execute("DROP TRIGGER refuse ON powersync.sync_rules");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).startsWith("PUT a").contains("PUT b", "REMOVE a");
  }

  /** Promise 3: within 10 s, whatever keeps a stream that is being built from working. */
  @Test
  void aStreamThatFailsDoesNotHoldUpTheOneThatServes() {
    engine = new EngineHarness("trouble").config(QUERY);
    engine.execute(LISTS, "INSERT INTO lists VALUES ('a')");
    engine.start();
    engine.awaitState(1, StreamState.ACTIVE);
    engine.stop();
    engine.storage.database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no tables today'; END $$""",
        """
        CREATE TRIGGER refuse BEFORE INSERT ON powersync.source_tables FOR EACH ROW
        EXECUTE FUNCTION refuse()""");
    engine.storage.provider().deploy(Deployment.of(engine.configText() + "# again\n"));
    engine.start(Optional.empty());
    engine.awaitStreaming(1);
    Await.until(
        "the second stream failed",
        EngineHarness.DEADLINE,
        () -> engine.stream(2).lastFailure().isPresent());
    engine.execute(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
            + engine.slot(1)
            + "'",
        "INSERT INTO lists VALUES ('b')");
    long back = System.nanoTime();
    engine.awaitEqual(1, "lists", "id");
    assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(10));
  }

  /** Nothing else would make the next commit. */
  @Test
  void aCommitThatWasHeldBackIsShownOnAnIdleSource() {
    try (SourceHarness h = SourceHarness.of("held_back", 100, "lists")) {
      h.execute(
          "CREATE PUBLICATION powersync FOR ALL TABLES", LISTS, "INSERT INTO lists VALUES ('a')");
      h.start();
      h.awaitEqual("lists", "id");
      PgLsn now = PgLsn.parse(h.query("SELECT pg_current_wal_insert_lsn()"));
      h.storage.barrier = new Lsn(new PgLsn(now.value() + 600).toString());
      h.execute("INSERT INTO lists VALUES ('b')");
      h.awaitEqual("lists", "id");
    }
  }

  @Test
  void oldServersMayNotHoldStorageToo() {
    engine = new EngineHarness(TestPostgres.shared().createDatabase("one_server"), null);
    engine.storage = new StorageHarness(TestPostgres.shared().createDatabase("one_storage"));
    assumeTrue(TestPostgres.shared().major() < 14, "newer servers may hold both");
    engine.config(QUERY).execute(LISTS);
    engine.start();
    awaitFailure("PSYNC_S1144");
  }
}
