package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.Counters.Counter;

/** Conformance cases of streaming (STR), types (TYP) and checkpoints (CHK), by their ids. */
abstract class StreamingCases {
  private static final String TABLE = "CREATE TABLE test_data (id text PRIMARY KEY, v text)";

  private EngineHarness engine;

  @AfterEach
  void close() {
    engine.close();
  }

  private EngineHarness following(int edition, String query, String... setup) {
    engine = new EngineHarness("cases").config(edition, query);
    engine.execute(setup);
    engine.start().awaitState(1, StreamState.ACTIVE);
    return engine;
  }

  private void transaction(String... statements) {
    try (Connection connection = engine.source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** STR-01, STR-02. */
  @Tag("STR-01")
  @Tag("STR-02")
  @Test
  void countsWhatItReplicates() {
    following(
        2,
        "SELECT id, n FROM t",
        "CREATE TABLE t (id text PRIMARY KEY, n int8)",
        "CREATE TABLE other (id text PRIMARY KEY)");
    long rows = counted(Counter.ROWS_REPLICATED);
    long transactions = counted(Counter.TRANSACTIONS_REPLICATED);
    engine.execute("INSERT INTO t VALUES ('test1', 1152921504606846976)");
    engine.awaitCaughtUp(1);
    assertThat(engine.list("SELECT data FROM powersync.bucket_data"))
        .singleElement()
        .asString()
        .contains("1152921504606846976");
    assertThat(counted(Counter.ROWS_REPLICATED)).isEqualTo(rows + 1);
    assertThat(counted(Counter.TRANSACTIONS_REPLICATED)).isGreaterThan(transactions);
    engine.execute("INSERT INTO other VALUES ('x')");
    engine.awaitCaughtUp(1);
    assertThat(counted(Counter.ROWS_REPLICATED)).isEqualTo(rows + 1);
    assertThat(engine.operations(1)).containsExactly("PUT test1");
  }

  private long counted(Counter counter) {
    return engine.counters.values().get(counter.metric());
  }

  /** STR-08, STR-16. */
  @Tag("STR-08")
  @Tag("STR-16")
  @Test
  void keepsTheOrderOfChangesOfARow() {
    following(2, "SELECT id, v FROM test_data", TABLE);
    transaction(
        "INSERT INTO test_data VALUES ('A', '1')",
        "UPDATE test_data SET id = 'B', v = '2' WHERE id = 'A'",
        "UPDATE test_data SET v = '3' WHERE id = 'B'",
        "INSERT INTO test_data VALUES ('A', '4')",
        "SAVEPOINT s",
        "INSERT INTO test_data VALUES ('never', '4')",
        "ROLLBACK TO s",
        "UPDATE test_data SET v = '5' WHERE id = 'A'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1))
        .containsExactly("PUT A", "REMOVE A", "PUT B", "PUT B", "PUT A", "PUT A");
  }

  /** STR-04, STR-25. */
  @Tag("STR-04")
  @Tag("STR-25")
  @Test
  void followsPartitionsAndTruncates() {
    following(
        2,
        "SELECT id FROM \"%\".\"tr_%\"",
        "CREATE TABLE tr_one (id text PRIMARY KEY)",
        "CREATE TABLE tr_two (id text PRIMARY KEY, one text REFERENCES tr_one)",
        "CREATE TABLE part (id text, k text, PRIMARY KEY (id, k)) PARTITION BY LIST (k)",
        "CREATE TABLE tr_part_a PARTITION OF part FOR VALUES IN ('a')",
        "CREATE TABLE tr_part_b PARTITION OF part FOR VALUES IN ('b')",
        "INSERT INTO tr_one VALUES ('1')",
        "INSERT INTO tr_two VALUES ('2', '1')",
        "INSERT INTO part VALUES ('p', 'a')");
    engine.execute("UPDATE part SET k = 'b'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).endsWith("REMOVE p", "PUT p");
    engine.execute("TRUNCATE tr_one CASCADE", "TRUNCATE part");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).endsWith("REMOVE 1", "REMOVE 2", "REMOVE p");
  }

  /** STR-09. */
  @Tag("STR-09")
  @Test
  void identifiesRowsByTheirIndex() {
    following(
        2,
        "SELECT id, v FROM t",
        "CREATE TABLE t (id text PRIMARY KEY, e text NOT NULL, v text)",
        "CREATE UNIQUE INDEX i ON t (e)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX i",
        "INSERT INTO t VALUES ('1', 'e1', 'a')");
    engine.execute(
        "UPDATE t SET v = 'b'", "UPDATE t SET e = 'e2'", "UPDATE t SET id = '9'", "DELETE FROM t");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1))
        .containsExactly("PUT 1", "PUT 1", "REMOVE 1", "PUT 1", "PUT 9", "REMOVE 1", "REMOVE 9");
  }

  /** STR-14, STR-15: too large at first, small enough later, and the other way round. */
  @Tag("STR-14")
  @Tag("STR-15")
  @Test
  void leavesOutRowsWhileTheyAreTooLarge() {
    following(1, "SELECT id, v FROM test_data", TABLE, "INSERT INTO test_data VALUES ('s', 'x')");
    engine.execute("INSERT INTO test_data VALUES ('l', repeat('a', 18000000))");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).containsExactly("PUT s");
    engine.execute(
        "UPDATE test_data SET v = repeat('b', 4000000) WHERE id = 'l'",
        "UPDATE test_data SET v = repeat('c', 18000000) WHERE id = 's'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).containsExactly("PUT s", "PUT l", "REMOVE s");
  }

  /** STR-11. */
  @Tag("STR-11")
  @Test
  void showsFullIdentityUpdatesAsRemoveAndPut() {
    following(
        1,
        "SELECT id, description FROM t",
        "SET TimeZone = 'UTC'",
        "CREATE TABLE t (id uuid PRIMARY KEY, description text, ts timestamptz)",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    engine.execute(
        "INSERT INTO t VALUES ('a9798b07-84de-4297-9a8e-aafb4dd0282f', 'test1',"
            + " '2025-01-01T00:00:00Z')",
        "UPDATE t SET description = 'test2'");
    engine.awaitCaughtUp(1);
    assertThat(
            engine.list(
                "SELECT op || ' ' || encode(source_key, 'hex') FROM powersync.bucket_data ORDER BY"
                    + " op_id"))
        .hasSize(3)
        .satisfies(
            ops -> {
              assertThat(ops.get(0)).contains("c7b3f1a3ec4d5d44b295c7f2a32bb056");
              assertThat(ops.get(1))
                  .startsWith("REMOVE")
                  .contains("c7b3f1a3ec4d5d44b295c7f2a32bb056");
              assertThat(ops.get(2)).startsWith("PUT").contains("984d457a69f0559aa2f9a511c28b968d");
            });
  }

  /** TYP-15. */
  @Tag("TYP-15")
  @Test
  void identifiesDomainKeysAlikeOnBothWays() {
    following(
        1,
        "SELECT v AS id FROM t",
        "CREATE DOMAIN code AS int4",
        "CREATE TABLE t (id code PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (7, 'x')");
    engine.execute("UPDATE t SET v = 'y'", "DELETE FROM t");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1)).containsExactly("PUT x", "PUT y", "REMOVE x", "REMOVE y");
  }

  /** STR-21, in small: nothing of an open transaction is visible, nothing is acknowledged. */
  @Tag("STR-21")
  @Test
  void showsATransactionAsAWhole() throws SQLException {
    following(2, "SELECT id, v FROM test_data", TABLE);
    String ack =
        "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '"
            + engine.slot(1)
            + "'";
    try (Connection connection = engine.source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "INSERT INTO test_data SELECT i::text, repeat('z', 300) FROM generate_series(1, 60000) i");
      engine.awaitCaughtUp(1);
      assertThat(engine.stored("SELECT count(*) FROM powersync.bucket_data")).isEqualTo("0");
      connection.commit();
    }
    Await.until(
        () -> "all of it; " + engine.status(),
        EngineHarness.DEADLINE,
        () -> {
          String visible =
              engine.stored(
                  "SELECT count(*) FROM powersync.bucket_data d JOIN powersync.sync_rules s ON s.id"
                      + " = d.group_id WHERE op_id <= s.last_checkpoint");
          assertThat(visible).isIn("0", "60000");
          return "60000".equals(visible);
        });
    assertThat(engine.sourced(ack)).isNotNull();
  }

  /**
   * TYP-14, and why: a value that cannot be decoded costs its row, in the copy and in the stream,
   * and is counted where operators see it; other rows go on.
   */
  @Tag("TYP-14")
  @ParameterizedTest
  @ValueSource(strings = {"DEFAULT", "FULL"})
  void leavesOutRowsThatCannotBeDecoded(String identity) {
    engine = new EngineHarness("deep").config(2, "SELECT id, d FROM t");
    engine.execute("CREATE TYPE c1 AS (v int4)");
    String type = "c1";
    String value = "ROW(1)::c1";
    for (int depth = 2; depth <= 12; depth++) {
      type = "c" + depth;
      engine.execute("CREATE TYPE " + type + " AS (v c" + (depth - 1) + ")");
      value = "ROW(" + value + ")::" + type;
    }
    engine.execute(
        "CREATE TABLE t (id text PRIMARY KEY, d " + type + ")",
        "ALTER TABLE t REPLICA IDENTITY " + identity,
        "INSERT INTO t VALUES ('copied', " + value + "), ('good', NULL)");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.execute(
        "INSERT INTO t VALUES ('a', NULL), ('b', " + value + ")",
        "UPDATE t SET d = " + value + " WHERE id = 'a'",
        "UPDATE t SET id = 'copied again' WHERE id = 'copied'",
        "UPDATE t SET d = NULL WHERE id = 'copied again'",
        "DELETE FROM t WHERE id = 'b'");
    engine.awaitCaughtUp(1);
    assertThat(engine.operations(1))
        .containsExactly("PUT good", "PUT a", "REMOVE a", "PUT copied again");
    assertThat(engine.storage.failures.of(new GroupId(1)))
        .singleElement()
        .satisfies(
            count -> {
              assertThat(count.failure().about()).isEqualTo(RowFailure.UNDECODABLE);
              assertThat(count.failure().text()).contains("PSYNC_S1004");
              assertThat(count.count()).isEqualTo(4);
            });
    assertThat(engine.stream(1).lastFailure()).isEmpty();
  }

  /** CHK-11: bucket storage in the source's database; checkpoints do not feed on themselves. */
  @Tag("CHK-11")
  @Test
  void doesNotFeedOnItself() throws SQLException {
    engine = new EngineHarness(TestPostgres.shared().createDatabase("same"), null);
    engine.storage = new StorageHarness(engine.source);
    assumeTrue(TestPostgres.shared().major() >= 14, "older servers may not hold both");
    staysQuiet(Duration.ofSeconds(60));
  }

  /** CHK-11, its second half: bucket storage in another database. */
  @Tag("CHK-11")
  @Test
  void doesNotFeedOnItsNeighbour() throws SQLException {
    engine = new EngineHarness("neighbour");
    staysQuiet(Duration.ofSeconds(30));
  }

  /**
   * While nothing happens, heartbeats make checkpoints and nothing else does; announcements count
   * them, one may be of before. Besides those, storage writes a position every ten seconds and
   * renews its lease every thirty, which may come back in the stream: together less often than
   * there are heartbeats. A loop would not pause.
   */
  private void staysQuiet(Duration idle) throws SQLException {
    engine.config("SELECT id, v FROM test_data");
    engine.execute(TABLE, "INSERT INTO test_data VALUES ('a', 'b')");
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    try (Connection listening = engine.storage.database.connect();
        Statement statement = listening.createStatement()) {
      statement.execute("LISTEN powersynccheckpoints");
      long streamed = counted(Counter.TRANSACTIONS_REPLICATED);
      Await.pause(idle);
      int checkpoints = checkpoints(listening);
      long own = counted(Counter.TRANSACTIONS_REPLICATED) - streamed;
      // Servers that do not stream heartbeats have a position every two seconds instead.
      Duration between =
          TestPostgres.shared().major() >= 14 ? EngineHarness.HEARTBEAT : Duration.ofSeconds(2);
      long most = idle.dividedBy(between) + 2;
      assertThat(checkpoints).as("checkpoints").isBetween(1, (int) most);
      assertThat(own).as("transactions, with %d checkpoints", checkpoints).isLessThan(2 * most);
    }
    engine.execute("INSERT INTO test_data VALUES ('c', 'd')");
    engine.awaitEqual(1, "test_data", "id", "v");
  }

  /** Commits that make no checkpoint announce the last one once more. */
  private static int checkpoints(Connection listening) throws SQLException {
    return (int)
        Stream.of(listening.unwrap(PGConnection.class).getNotifications())
            .map(PGNotification::getParameter)
            .distinct()
            .count();
  }
}
