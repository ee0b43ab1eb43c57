package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.StreamState;

/** Conformance cases of tables that change while they are followed (SCH), by their ids. */
abstract class SchemaCases {
  private static final String TABLE = "CREATE TABLE test_data (id text PRIMARY KEY, v text)";
  private static final String RANDOM_TEXT =
      "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 1250))";

  private EngineHarness engine;

  @AfterEach
  void close() {
    engine.close();
  }

  private void following(String query, String... setup) {
    engine = new EngineHarness("schema").config(query);
    engine.execute(setup);
    engine.start().awaitState(1, StreamState.ACTIVE);
  }

  /** The rows that clients hold, in order. */
  private List<String> held() {
    return engine.list(
        "SELECT data FROM (SELECT DISTINCT ON (source_table, source_key) op, data, op_id FROM"
            + " powersync.bucket_data ORDER BY source_table, source_key, op_id DESC) o WHERE op ="
            + " 'PUT' ORDER BY data");
  }

  @Tag("SCH-08")
  @Test
  void completesLargeTextsAfterFullIdentity() {
    following(
        "SELECT id, big, v FROM t",
        "CREATE TABLE t (id text PRIMARY KEY, big text, v text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES ('1', " + RANDOM_TEXT + ", 'a')");
    engine.execute("ALTER TABLE t REPLICA IDENTITY DEFAULT", "UPDATE t SET v = 'b'");
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "t", "id", "big", "v");
  }

  @Tag("SCH-09")
  @Test
  void keepsTheOrderOfChangesBehindANewIdentity() {
    following("SELECT id, v FROM test_data", TABLE);
    engine.execute(
        "INSERT INTO test_data VALUES ('r1', 'a')",
        "ALTER TABLE test_data REPLICA IDENTITY FULL",
        "INSERT INTO test_data VALUES ('r2', 'a')",
        "UPDATE test_data SET v = 'new' WHERE id = 'r2'",
        "DELETE FROM test_data WHERE id = 'r1'");
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "test_data", "id", "v");
    List<String> operations = engine.operations(1);
    assertThat(operations).startsWith("PUT r1");
    assertThat(operations.lastIndexOf("REMOVE r1")).isGreaterThan(operations.lastIndexOf("PUT r1"));
    assertThat(operations.lastIndexOf("PUT r2")).isGreaterThan(operations.lastIndexOf("REMOVE r2"));
  }

  @Tag("SCH-11")
  @Test
  void addedColumnsArriveWithTheNextChangeOfARow() {
    following(
        "SELECT * FROM test_data", TABLE, "INSERT INTO test_data VALUES ('t1', 'a'), ('t2', 'a')");
    engine.execute(
        "ALTER TABLE test_data ADD COLUMN other int DEFAULT 5",
        "UPDATE test_data SET v = 'b' WHERE id = 't1'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).containsExactlyInAnyOrder("PUT t1", "PUT t2", "PUT t1");
    assertThat(held())
        .satisfiesExactlyInAnyOrder(
            row -> assertThat(row).contains("t1").contains("\"other\":5"),
            row -> assertThat(row).contains("t2").doesNotContain("other"));
  }

  /** F15: rows that do not change keep what they had, others follow. */
  @Test
  void followsDroppedAndRenamedColumns() {
    following(
        "SELECT * FROM test_data",
        "CREATE TABLE test_data (id text PRIMARY KEY, v text, gone text, old text)",
        "INSERT INTO test_data VALUES ('t1', 'a', 'x', 'y'), ('t2', 'a', 'x', 'y')");
    engine.execute(
        "ALTER TABLE test_data DROP COLUMN gone",
        "UPDATE test_data SET v = 'b' WHERE id = 't1'",
        "ALTER TABLE test_data RENAME COLUMN old TO new",
        "UPDATE test_data SET v = 'c' WHERE id = 't1'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).hasSize(4);
    assertThat(held())
        .containsExactly(
            "{\"id\":\"t1\",\"v\":\"c\",\"new\":\"y\"}",
            "{\"id\":\"t2\",\"v\":\"a\",\"gone\":\"x\",\"old\":\"y\"}");
  }

  @Tag("SCH-12")
  @Test
  void copiesAgainWhenTheTypeOfTheKeyChanges() {
    following("SELECT id, v FROM test_data", TABLE, "INSERT INTO test_data VALUES ('t1', 'a')");
    engine.execute(
        "ALTER TABLE test_data ALTER COLUMN id TYPE varchar",
        "INSERT INTO test_data VALUES ('t2', 'a')");
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "test_data", "id", "v");
    assertThat(engine.operations(1)).startsWith("PUT t1", "REMOVE t1").contains("PUT t1", "PUT t2");
  }

  @Tag("SCH-17")
  @Test
  void showsNoMomentThatNeverWas() {
    following("SELECT id, num FROM test_data", "CREATE TABLE other (id text PRIMARY KEY, num int)");
    engine.execute(
        "INSERT INTO other VALUES ('t1', 0), ('t2', 0)", "ALTER TABLE other RENAME TO test_data");
    for (int i = 1; i <= 20; i++) {
      engine.execute("UPDATE test_data SET num = " + i + " WHERE id = 't2'");
    }
    engine.execute("UPDATE test_data SET num = 20 WHERE id = 't1'");
    String visible =
        """
        SELECT coalesce(max(n) FILTER (WHERE row_id = 't1'), -1) || ' '
               || coalesce(max(n) FILTER (WHERE row_id = 't2'), -1)
          FROM (SELECT DISTINCT ON (row_id) row_id, (data::jsonb ->> 'num')::int AS n
                  FROM powersync.bucket_data d JOIN powersync.sync_rules s ON s.id = d.group_id
                 WHERE op_id <= last_checkpoint ORDER BY row_id, op_id DESC) o\
        """;
    Await.until(
        () -> "both are there; " + engine.status(),
        EngineHarness.DEADLINE,
        () -> {
          String[] numbers = engine.stored(visible).split(" ");
          assertThat(Integer.parseInt(numbers[0]))
              .isLessThanOrEqualTo(Integer.parseInt(numbers[1]));
          return numbers[0].equals("20");
        });
  }

  @Tag("SCH-18")
  @Test
  void readsATypeThatIsNew() {
    following("SELECT id, c FROM test_data", TABLE);
    engine.execute(
        "INSERT INTO test_data VALUES ('t1', 'a')",
        "CREATE TYPE composite AS (foo int, bar int)",
        "ALTER TABLE test_data ADD COLUMN c composite",
        "UPDATE test_data SET c = (1, 2)");
    engine.awaitCaughtUp(1);
    assertThat(held()).singleElement().asString().contains("{\\\"foo\\\":1,\\\"bar\\\":2}");
  }

  @Tag("STR-27")
  @Test
  void generatedColumnsAreNeverThere() {
    following(
        "SELECT a AS id, * FROM t",
        "CREATE TABLE t (a text PRIMARY KEY, b int, g int GENERATED ALWAYS AS (b * 2) STORED)",
        "INSERT INTO t VALUES ('x', 1)");
    engine.execute("UPDATE t SET b = 2");
    engine.awaitCaughtUp(1);
    assertThat(engine.list("SELECT data FROM powersync.bucket_data"))
        .hasSize(2)
        .noneMatch(row -> row.contains("\"g\""));
  }

  @Tag("STR-12")
  @Test
  void keepsCopiesOfRowsThatComeInPartsOnly() {
    following(
        "SELECT id FROM \"test_%\"",
        "CREATE TABLE test_full (id text PRIMARY KEY)",
        "ALTER TABLE test_full REPLICA IDENTITY FULL",
        "CREATE TABLE test_default (id text PRIMARY KEY)",
        "CREATE TABLE test_index (id text NOT NULL)",
        "CREATE UNIQUE INDEX i ON test_index (id)",
        "ALTER TABLE test_index REPLICA IDENTITY USING INDEX i",
        "CREATE TABLE test_nothing (id text)",
        "ALTER TABLE test_nothing REPLICA IDENTITY NOTHING");
    for (String table : List.of("test_full", "test_default", "test_index", "test_nothing")) {
      engine.execute("INSERT INTO " + table + " VALUES ('x')");
    }
    engine.awaitCaughtUp(1);
    assertThat(
            engine.list(
                "SELECT table_name || ' ' || (octet_length(data) > 5) FROM powersync.current_data c"
                    + " JOIN powersync.source_tables t ON t.id = c.source_table"))
        .containsExactlyInAnyOrder(
            "test_full false", "test_default true", "test_index true", "test_nothing true");
  }
}
