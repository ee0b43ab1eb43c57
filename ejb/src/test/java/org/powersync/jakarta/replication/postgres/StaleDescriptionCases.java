package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.StreamState;

/** The stream describes tables as of its position, which others have changed since. */
abstract class StaleDescriptionCases {
  private EngineHarness engine;

  @AfterEach
  void close() {
    engine.close();
  }

  private void startEmpty(String... queries) {
    engine = new EngineHarness("stale").config(queries);
    engine.execute("CREATE TABLE anything (id text PRIMARY KEY)");
    follow();
  }

  private void follow() {
    engine.start();
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitStreaming(1);
    engine.awaitCaughtUp(1);
  }

  private void awaitFailure(String message) {
    Await.until(
        () -> message + "; " + engine.status(),
        EngineHarness.DEADLINE,
        () ->
            engine.stored(
                    "SELECT 1 FROM powersync.sync_rules WHERE last_fatal_error LIKE '%"
                        + message
                        + "%'")
                != null);
  }

  /** Starts an attempt that makes the slot and fails before it knows a table. */
  private void refuseTables() {
    engine.storage.database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no tables today'; END $$""",
        """
        CREATE TRIGGER refuse BEFORE INSERT ON powersync.source_tables FOR EACH ROW
        EXECUTE FUNCTION refuse()""");
    engine.start();
    awaitFailure("no tables today");
  }

  @Test
  void aTableThatComesBackUnderItsNameIsCopied() {
    startEmpty("SELECT id FROM lists");
    engine.stop();
    engine.execute(
        "CREATE TABLE other (id text PRIMARY KEY)",
        "INSERT INTO other VALUES ('a'), ('b')",
        "ALTER TABLE other RENAME TO lists",
        "INSERT INTO lists VALUES ('c')",
        "ALTER TABLE lists RENAME TO other");
    follow();
    engine.execute("ALTER TABLE other RENAME TO lists", "INSERT INTO lists VALUES ('d')");
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "lists", "id");
  }

  /** Of the three only one is described again; a failure leaves others for the next attempt. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tablesThatExchangeTheirNamesKeepTheirRows(boolean failing) {
    engine =
        new EngineHarness("stale")
            .config("SELECT id FROM a", "SELECT id FROM b", "SELECT id FROM c");
    for (String table : List.of("a", "b", "c")) {
      engine.execute(
          "CREATE TABLE " + table + " (id text PRIMARY KEY)",
          "INSERT INTO " + table + " VALUES ('was " + table + "')");
    }
    follow();
    if (failing) {
      engine.storage.database.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'no rows today'; END $$""",
          """
          CREATE TRIGGER refuse BEFORE INSERT ON powersync.bucket_data FOR EACH ROW
          WHEN (NEW.op = 'PUT' AND NEW.table_name = 'c') EXECUTE FUNCTION refuse()""");
    }
    engine.execute(
        "BEGIN; ALTER TABLE a RENAME TO tmp; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b;"
            + " ALTER TABLE tmp RENAME TO c; INSERT INTO a VALUES ('new'); COMMIT");
    if (failing) {
      awaitFailure("no rows today");
      engine.stop();
      engine.storage.database.execute("DROP TRIGGER refuse ON powersync.bucket_data");
      engine.start();
    }
    engine.awaitCaughtUp(1);
    for (String table : List.of("a", "b", "c")) {
      engine.awaitEqual(1, table, "id");
    }
    engine.execute("INSERT INTO b VALUES ('new')", "DELETE FROM c");
    engine.awaitCaughtUp(1);
    for (String table : List.of("a", "b", "c")) {
      engine.awaitEqual(1, table, "id");
    }
  }

  /** Between the making of the slot and the look at the tables, which a failure puts off. */
  @Test
  void aTableThatTookANameBeforeItWasCopiedKeepsItsRows() {
    engine = new EngineHarness("stale").config("SELECT id FROM lists");
    engine.execute(
        "CREATE TABLE lists (id text PRIMARY KEY)",
        "CREATE TABLE lists_new (id text PRIMARY KEY)",
        "INSERT INTO lists VALUES ('old')",
        "INSERT INTO lists_new VALUES ('a'), ('b')");
    refuseTables();
    engine.stop();
    engine.execute(
        "INSERT INTO lists VALUES ('older')",
        "DELETE FROM lists_new WHERE id = 'b'",
        "INSERT INTO lists_new VALUES ('c')",
        "BEGIN; ALTER TABLE lists RENAME TO lists_old;"
            + " ALTER TABLE lists_new RENAME TO lists; COMMIT");
    engine.storage.database.execute("DROP TRIGGER refuse ON powersync.source_tables");
    follow();
    engine.awaitEqual(1, "lists", "id");
    engine.execute("INSERT INTO lists VALUES ('d')", "INSERT INTO lists_old VALUES ('oldest')");
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "lists", "id");
  }

  /** As above, where the old table is gone altogether. */
  @Test
  void aTableThatTookTheNameOfADroppedOneKeepsItsRows() {
    engine = new EngineHarness("stale").config("SELECT id FROM lists");
    engine.execute(
        "CREATE TABLE lists (id text PRIMARY KEY)",
        "CREATE TABLE lists_new (id text PRIMARY KEY)",
        "INSERT INTO lists_new VALUES ('a'), ('b')");
    refuseTables();
    engine.stop();
    engine.execute(
        "INSERT INTO lists VALUES ('older')",
        "DROP TABLE lists",
        "ALTER TABLE lists_new RENAME TO lists");
    engine.storage.database.execute("DROP TRIGGER refuse ON powersync.source_tables");
    follow();
    engine.awaitEqual(1, "lists", "id");
  }

  /** A row that was too large comes again by a look at the source, for the record that is there. */
  @Test
  void incompleteRowsOfARecordThatIsDroppedStayOut() {
    engine = new EngineHarness("stale").config("SELECT id, n FROM lists");
    engine.execute(
        "CREATE TABLE lists (id text PRIMARY KEY, code text NOT NULL, n int, big text)",
        "CREATE UNIQUE INDEX lists_code ON lists (code)",
        "INSERT INTO lists VALUES ('a', 'a', 0, repeat('x', 16 * 1024 * 1024))");
    follow();
    engine.stop();
    engine.execute(
        "BEGIN; UPDATE lists SET n = 1 WHERE id = 'a';"
            + " ALTER TABLE lists REPLICA IDENTITY USING INDEX lists_code;"
            + " INSERT INTO lists VALUES ('b', 'b', 0, 'y'); COMMIT",
        "UPDATE lists SET big = 'small' WHERE id = 'a'");
    follow();
    engine.awaitEqual(1, "lists", "id", "n");
    assertThat(
            engine.stored(
                "SELECT count(*) FROM powersync.current_data WHERE source_table NOT IN"
                    + " (SELECT id FROM powersync.source_tables)"))
        .isEqualTo("0");
  }

  /** The copy of a table begins long after the look at all of them. */
  @Test
  void aTableIsCopiedAsItIsWhenItsTurnComes() throws SQLException {
    engine = new EngineHarness("stale").config("SELECT id FROM first", "SELECT id, v FROM second");
    engine.options = engine.options.withSnapshotWorkers(1).withSnapshotReaders(1);
    engine.execute(
        "CREATE TABLE first (id text PRIMARY KEY)",
        "CREATE TABLE second (id text PRIMARY KEY, v int)",
        "INSERT INTO second VALUES ('a', 1), ('b', 2)");
    engine.storage.database.execute(
        """
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NEW; END $$""",
        """
        CREATE TRIGGER hold BEFORE INSERT ON powersync.source_tables FOR EACH ROW
        EXECUTE FUNCTION hold()""");
    try (Connection storage = engine.storage.database.connect();
        Statement onStorage = storage.createStatement();
        Connection source = engine.source.connect();
        Statement onSource = source.createStatement()) {
      onStorage.execute("SELECT pg_advisory_lock(42)");
      engine.start();
      Await.until(
          "the tables are looked at",
          EngineHarness.DEADLINE,
          () ->
              engine.stored("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                  != null);
      source.setAutoCommit(false);
      onSource.execute("LOCK TABLE first IN ACCESS EXCLUSIVE MODE");
      onStorage.execute("SELECT pg_advisory_unlock(42)");
      Await.until(
          "the first table is to be read",
          EngineHarness.DEADLINE,
          () ->
              engine.sourced(
                      "SELECT 1 FROM pg_locks WHERE relation = 'first'::regclass AND NOT granted")
                  != null);
      engine.execute("ALTER TABLE second ALTER v TYPE text USING 'n' || v");
      source.commit();
    }
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "second", "id", "v");
  }
}
