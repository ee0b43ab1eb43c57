package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.StreamState;

/** Conformance cases of copies (SNP) into bucket storage as it is, by their ids. */
abstract class SnapshotCases {
  private static final String RANDOM_TEXT =
      "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 1250))";

  private EngineHarness engine;

  @AfterEach
  void close() {
    engine.close();
  }

  private EngineHarness engine(String name, String... queries) {
    engine = new EngineHarness(name).config(queries);
    return engine;
  }

  /** Waits until some chunks are stored, in the middle of a copy that is slow enough. */
  private void awaitCopying(String table, int rows) {
    Await.until(
        () -> "copied " + rows + " rows; " + engine.status(),
        EngineHarness.DEADLINE,
        () ->
            Long.parseLong(
                    engine.stored(
                        "SELECT coalesce(max(snapshot_replicated_count), 0) FROM"
                            + " powersync.source_tables WHERE table_name = '"
                            + table
                            + "' AND NOT snapshot_done"))
                >= rows);
  }

  /** SNP-01, SNP-03: each row once, however many workers there are. */
  @Tag("SNP-01")
  @Tag("SNP-03")
  @Test
  void copiesEachRowOnce() {
    engine("once", "SELECT id FROM t100", "SELECT id FROM t101", "SELECT id FROM one");
    engine.execute(
        "CREATE TABLE one (id text PRIMARY KEY)",
        "INSERT INTO one VALUES ('x')",
        "CREATE TABLE t100 (id text PRIMARY KEY)",
        "INSERT INTO t100 SELECT i::text FROM generate_series(1, 100) i",
        "CREATE TABLE t101 (id text PRIMARY KEY)",
        "INSERT INTO t101 SELECT i::text FROM generate_series(1, 101) i");
    engine.start().awaitState(1, StreamState.ACTIVE);
    assertThat(engine.operations(1)).hasSize(202);
    assertThat(engine.list("SELECT DISTINCT table_name || row_id FROM powersync.bucket_data"))
        .hasSize(202);
    assertThat(engine.stream(1).copy().copiedRows()).isEqualTo(202);
    assertThat(engine.stream(1).copy().tablesDone()).isEqualTo(3);
  }

  /** SNP-04, SNP-05, and a key of two columns: rows moved behind the copy come as a whole. */
  @Tag("SNP-04")
  @Tag("SNP-05")
  @Test
  void findsRowsThatMovedBehindTheCopy() {
    engine(
        "moved", "SELECT k AS id, big FROM by_text", "SELECT a || '.' || b AS id, big FROM by_two");
    engine.options = engine.options.withSnapshotWorkers(1).withSnapshotReaders(2);
    engine.execute(
        "CREATE TABLE by_text (k text PRIMARY KEY, n int, big text)",
        "CREATE TABLE by_two (a text, b text, n int, big text, PRIMARY KEY (a, b))");
    for (String table : List.of("by_text", "by_two")) {
      String key = table.equals("by_text") ? "lpad(i::text, 5, '0')" : "lpad(i::text, 5, '0'), 'b'";
      engine.execute(
          "INSERT INTO "
              + table
              + " SELECT "
              + key
              + ", 0, repeat('x', 500) FROM generate_series(1, 6000) i",
          "UPDATE "
              + table
              + " SET big = "
              + RANDOM_TEXT
              + " WHERE "
              + (table.equals("by_text") ? "k" : "a")
              + " = '06000'");
    }
    engine.start();
    awaitCopying("by_text", 100);
    engine.execute("UPDATE by_text SET k = '00000' WHERE k = '06000'");
    awaitCopying("by_two", 100);
    engine.execute("UPDATE by_two SET a = '00000' WHERE a = '06000'");
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "by_text", "k", "big");
    engine.awaitEqual(1, "by_two", "a || '.' || b", "big");
  }

  /** SNP-09: what is copied of a table with a key is not read again, also by blocks. */
  @Tag("SNP-09")
  @Test
  void goesOnWithInterruptedCopies() {
    engine("resumed", "SELECT id, v FROM by_key", "SELECT a || '.' || b AS id, v FROM by_block");
    engine.execute(
        "CREATE TABLE by_key (id text PRIMARY KEY, v text)",
        "INSERT INTO by_key SELECT lpad(i::text, 6, '0'), repeat('x', 300)"
            + " FROM generate_series(1, 6000) i",
        "CREATE TABLE by_block (a int, b int, v text, PRIMARY KEY (a, b))",
        "INSERT INTO by_block SELECT i, i, repeat('x', 600) FROM generate_series(1, 6000) i");
    engine.start();
    awaitCopying("by_key", 1000);
    awaitCopying("by_block", 1000);
    engine.stop();
    long before = Long.parseLong(engine.stored("SELECT count(*) FROM powersync.bucket_data"));
    String positions =
        engine.stored(
            "SELECT count(*) FROM powersync.source_tables WHERE snapshot_last_key IS NOT NULL OR"
                + " snapshot_done");
    assertThat(positions).isEqualTo("2");
    engine.execute(
        "DELETE FROM by_key WHERE id = '000001'",
        "UPDATE by_key SET v = 'changed' WHERE id = '000002'",
        "INSERT INTO by_key VALUES ('999999', 'new')",
        "DELETE FROM by_block WHERE a = 1",
        "UPDATE by_block SET v = 'changed' WHERE a = 2");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "by_key", "id", "v");
    engine.awaitEqual(1, "by_block", "a || '.' || b", "v");
    assertThat(before).isPositive();
    assertThat(
            Long.parseLong(
                engine.stored(
                    "SELECT count(*) FROM (SELECT FROM powersync.bucket_data WHERE op = 'PUT'"
                        + " GROUP BY source_table, row_id HAVING count(*) > 2) d")))
        .isZero();
  }

  /** SNP-12, SNP-13, SNP-15, SNP-16, SNP-21. */
  @Tag("SNP-12")
  @Tag("SNP-13")
  @Tag("SNP-15")
  @Tag("SNP-16")
  @Tag("SNP-21")
  @Test
  void copiesWhatIsPublishedAndOrdinary() {
    engine("kinds", "SELECT id FROM \"%\".\"test_%\"", "SELECT id FROM test_plain");
    // A partitioned table stands for its partitions since version 13.
    String part = TestPostgres.shared().major() >= 13 ? "test_part" : "test_leaf";
    engine.execute(
        "DROP PUBLICATION powersync",
        "CREATE SCHEMA tenant_a",
        "CREATE TABLE tenant_a.test_data (id text PRIMARY KEY)",
        "INSERT INTO tenant_a.test_data VALUES ('a')",
        "CREATE TABLE test_plain (id text PRIMARY KEY)",
        "INSERT INTO test_plain VALUES ('plain')",
        "CREATE TABLE \"test_DATA\" (id text PRIMARY KEY)",
        "INSERT INTO \"test_DATA\" VALUES ('case')",
        "CREATE TABLE test_hidden (id text PRIMARY KEY)",
        "INSERT INTO test_hidden VALUES ('hidden')",
        "CREATE VIEW test_view AS SELECT 'view' AS id",
        "CREATE MATERIALIZED VIEW test_mat AS SELECT 'mat' AS id",
        "CREATE TABLE test_part (id text PRIMARY KEY) PARTITION BY LIST (id)",
        "CREATE TABLE test_leaf PARTITION OF test_part FOR VALUES IN ('leaf')",
        "INSERT INTO test_part VALUES ('leaf')",
        "CREATE PUBLICATION powersync FOR TABLE tenant_a.test_data, test_plain, \"test_DATA\", "
            + part);
    engine.start().awaitState(1, StreamState.ACTIVE);
    assertThat(engine.operations(1))
        .containsExactlyInAnyOrder("PUT a", "PUT plain", "PUT plain", "PUT case", "PUT leaf");
    assertThat(
            engine.list(
                "SELECT count(*) FROM powersync.source_tables WHERE table_name ="
                    + " 'test_plain'"))
        .containsExactly("1");
  }

  /** SNP-19, SNP-20: rows come and go while they are copied. */
  @Tag("SNP-19")
  @Tag("SNP-20")
  @Test
  void endsEqualHoweverRowsComeAndGo() {
    engine("churn", "SELECT id, v FROM churn");
    engine.execute(
        "CREATE TABLE churn (id text PRIMARY KEY, v text)",
        "INSERT INTO churn SELECT lpad(i::text, 6, '0'), repeat('x', 200)"
            + " FROM generate_series(1, 6000) i");
    engine.start();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int round = 0; round < 60; round++) {
      int from = random.nextInt(6000);
      engine.execute(
          "DELETE FROM churn WHERE id BETWEEN '%06d' AND '%06d'".formatted(from, from + 9),
          "INSERT INTO churn VALUES ('%06d', 'again') ON CONFLICT DO NOTHING"
              .formatted(random.nextInt(6000)),
          "UPDATE churn SET v = 'changed' WHERE id = '%06d'".formatted(random.nextInt(6000)));
    }
    engine.awaitState(1, StreamState.ACTIVE);
    engine.awaitEqual(1, "churn", "id", "v");
  }

  /** SNP-23. */
  @Tag("SNP-23")
  @Test
  void copiesNullsOfATableThatIsItsOwnIdentity() {
    engine("nullable", "SELECT '' || a AS id, a FROM t");
    engine.execute(
        "CREATE TABLE t (a text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES ('x'), ('y'), (NULL), ('y')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    assertThat(engine.stored("SELECT count(DISTINCT source_key) FROM powersync.current_data"))
        .isEqualTo("3");
  }

  /** 3.10: what the publication leaves out is not synced by either way. */
  @Test
  void copiesWhatThePublicationLetsThrough() {
    engine("filtered", "SELECT id, v, secret FROM t");
    assumeTrue(TestPostgres.shared().major() >= 15, "older publications leave nothing out");
    engine.execute(
        "DROP PUBLICATION powersync",
        "CREATE TABLE t (id text PRIMARY KEY, n int, v text, secret text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "ALTER TABLE t REPLICA IDENTITY DEFAULT",
        "INSERT INTO t VALUES ('a', 1, 'x', 's'), ('b', 9, 'x', 's')",
        "CREATE PUBLICATION powersync FOR TABLE t (id, v) WHERE (id < 'c')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.execute("INSERT INTO t VALUES ('bb', 1, 'y', 's'), ('d', 1, 'y', 's')");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).containsExactlyInAnyOrder("PUT a", "PUT b", "PUT bb");
    assertThat(engine.list("SELECT data FROM powersync.bucket_data"))
        .noneMatch(data -> data.contains("\"s\""));
  }

  /** In the order of the database, or of the column, not of the bytes. */
  @Tag("SNP-06")
  @Test
  void goesThroughKeysInTheOrderOfTheDatabase() throws SQLException {
    String name = "collated_" + System.nanoTime();
    boolean ofDatabase = TestPostgres.shared().major() >= 15;
    try (Connection connection =
            TestPostgres.shared().server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE "
              + name
              + " ENCODING 'UTF8'"
              + (ofDatabase ? " LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C'" : "")
              + " TEMPLATE template0");
    }
    engine =
        new EngineHarness(
                new Database(TestPostgres.shared().server().getPort(), name), new StorageHarness())
            .config("SELECT id FROM t");
    engine.options = engine.options.withChunkRows(2);
    engine.execute(
        "CREATE TABLE t (id text " + (ofDatabase ? "" : "COLLATE \"de-x-icu\" ") + "PRIMARY KEY)",
        "INSERT INTO t VALUES ('a'), ('B'), ('c'), ('Ä'), ('_x')");
    assertThat(engine.sourced("SELECT string_agg(id, '' ORDER BY id) FROM t")).isEqualTo("_xaÄBc");
    engine.start().awaitState(1, StreamState.ACTIVE);
    assertThat(engine.operations(1))
        .containsExactlyInAnyOrder("PUT a", "PUT B", "PUT c", "PUT Ä", "PUT _x");
  }

  @Tag("SNP-10")
  @Test
  void showsNothingBeforeAllIsCopied() {
    engine("hidden", "SELECT id, v FROM first", "SELECT id, v FROM second");
    engine.execute(
        "CREATE TABLE first (id text PRIMARY KEY, v text)",
        "CREATE TABLE second (id text PRIMARY KEY, v text)",
        "INSERT INTO first SELECT lpad(i::text, 6, '0'), repeat('x', 200)"
            + " FROM generate_series(1, 6000) i",
        "INSERT INTO second VALUES ('s', 'x')");
    engine.start();
    awaitCopying("first", 100);
    engine.execute(
        "INSERT INTO second VALUES ('t', 'y')", "UPDATE first SET v = 'z' WHERE id = '000001'");
    Await.until(
        () -> "a checkpoint; " + engine.status(),
        EngineHarness.DEADLINE,
        () -> {
          String checkpoint = engine.stored("SELECT last_checkpoint FROM powersync.sync_rules");
          boolean done =
              "t".equals(engine.stored("SELECT snapshot_done FROM powersync.sync_rules"));
          assertThat(checkpoint == null || done).isTrue();
          return checkpoint != null;
        });
    assertThat(
            engine.list(
                "SELECT DISTINCT table_name FROM powersync.bucket_data JOIN powersync.sync_rules s"
                    + " ON s.id = group_id WHERE op_id <= last_checkpoint ORDER BY 1"))
        .containsExactly("first", "second");
    engine.awaitEqual(1, "first", "id", "v");
    engine.awaitEqual(1, "second", "id", "v");
  }
}
