package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionOptions.Limits;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.DefragmentationReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;

class CompactionIT {
  private static final GroupId STREAM = new GroupId(1);
  private static final CompactionOptions DEFAULT = CompactionOptions.DEFAULT;
  private static final CompactionOptions PARAMETERS =
      DEFAULT.withBuckets(List.of()).withParameters(true, Duration.ZERO);

  private final WriterDatabase database = new WriterDatabase(2);
  private final PostgresCompaction compaction = new PostgresCompaction(database.resources());

  @BeforeEach
  void activate() {
    database
        .database()
        .execute("UPDATE powersync.sync_rules SET state = 'ACTIVE', last_checkpoint = 0");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void reportsWhatItDid() {
    put("a", 300, 100);
    checkpoint();
    CompactionReport report = compact(DEFAULT);
    assertThat(report.outcome()).isEqualTo(Outcome.DONE);
    assertThat(report.buckets()).isEqualTo(1);
    assertThat(report.operationsBefore()).isEqualTo(300);
    assertThat(report.operationsAfter()).isEqualTo(101);
    assertThat(report.bytesAfter()).isEqualTo(report.bytesBefore() / 3);
    assertThat(kinds("a")).isEqualTo("CLEAR 1, PUT 100");
  }

  @Test
  void movesTakeTheRoomOfWhatTheyWere() {
    put("a", 1, 1);
    put("a", 30_000, 3000);
    database
        .database()
        .execute(
            "UPDATE powersync.bucket_data SET row_id = 'alone' WHERE op_id = 1",
            "VACUUM powersync.bucket_data");
    checkpoint();
    String size = "SELECT pg_relation_size('powersync.bucket_data') AS size";
    long before = database.rows(size).get(0).get("size").asLong();
    assertThat(compact(DEFAULT).moved()).isEqualTo(27_000);
    assertThat(database.rows(size).get(0).get("size").asLong()).isLessThan(before * 3 / 2);
  }

  @Test
  void theTotalOfABucketCountsWhatIsLeftOfIt() {
    put("a", 5000, 4000);
    put("b", 5000, 100);
    checkpoint();
    compact(DEFAULT.withLimits(new Limits(100, 300, 1)));
    assertThat(kinds("a")).isEqualTo("CLEAR 1, PUT 4000");
    assertThat(
            database
                .rows(
                    "SELECT bucket_name || ' ' || operations AS total FROM powersync.x_bucket_totals"
                        + " ORDER BY bucket_name")
                .findValuesAsText("total"))
        .containsExactly("a 4001", "b 101");
  }

  @Test
  void operationsThatStandBetweenCurrentRowsBecomeMoves() {
    put("a", 1, 1);
    put("a", 300, 100);
    checkpoint();
    database
        .database()
        .execute("UPDATE powersync.bucket_data SET row_id = 'alone' WHERE op_id = 1");
    CompactionReport report = compact(DEFAULT.withLimits(new Limits(7, 10, 1)));
    assertThat(report.moved()).isEqualTo(200);
    assertThat(report.operationsAfter()).isEqualTo(report.operationsBefore());
    assertThat(kinds("a")).isEqualTo("MOVE 200, PUT 101");
  }

  @Test
  void looksOnlyAtBucketsThatChanged() {
    put("a", 10, 5);
    put("b", 10, 5);
    put("c", 10, 5);
    checkpoint();
    assertThat(compact(DEFAULT).buckets()).isEqualTo(3);
    assertThat(compact(DEFAULT).buckets()).isZero();
    put("b", 10, 5);
    checkpoint();
    CompactionReport report = compact(DEFAULT);
    assertThat(report.buckets()).isEqualTo(1);
    assertThat(kinds("b")).isEqualTo("CLEAR 1, PUT 5");
  }

  @Test
  void noticesThatItsRecordIsOfAnotherInstallation() {
    put("a", 10, 5);
    checkpoint();
    compact(DEFAULT);
    database
        .database()
        .execute(
            "DELETE FROM powersync.bucket_data",
            "UPDATE powersync.sync_rules SET slot_name = 'test_1_ffff'",
            "ALTER SEQUENCE powersync.op_id_sequence RESTART");
    put("a", 10, 5);
    checkpoint();
    assertThat(compact(DEFAULT).buckets()).isEqualTo(1);
    assertThat(kinds("a")).isEqualTo("CLEAR 1, PUT 5");
  }

  @Test
  void goesOnWhereItWasInterrupted() {
    for (int bucket = 0; bucket < 250; bucket++) {
      put("b%03d".formatted(bucket), 4, 2);
    }
    checkpoint();
    int[] asked = {0};
    CompactionReport first = compaction.compact(STREAM, DEFAULT, () -> asked[0]++ >= 3);
    assertThat(first.outcome()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(first.buckets()).isBetween(100, 200);
    CompactionReport second = compact(DEFAULT);
    assertThat(second.outcome()).isEqualTo(Outcome.DONE);
    assertThat(second.buckets()).isBetween(100, 150);
    assertThat(database.rows("SELECT 1 FROM powersync.bucket_data WHERE op = 'CLEAR'"))
        .hasSize(250);
  }

  @Test
  void stopsWhenItsTimeIsUp() {
    put("a", 10, 5);
    checkpoint();
    CompactionReport report = compact(DEFAULT.withTimeLimit(Duration.ZERO));
    assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(kinds("a")).isEqualTo("PUT 10");
  }

  @Test
  void leavesOtherStatesAndIncrementalRunsAlone() {
    put("a", 10, 5);
    checkpoint();
    assertThat(compact(DEFAULT.withIncrementalOnly()).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
    database.database().execute("UPDATE powersync.sync_rules SET state = 'ERRORED'");
    assertThat(compact(DEFAULT).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
    assertThat(kinds("a")).isEqualTo("PUT 10");
  }

  @Test
  void isDoneByOneProcessAtATime() throws SQLException {
    put("a", 10, 5);
    checkpoint();
    try (Connection other = database.database().connect()) {
      assertThat(CompactionLock.take(other, STREAM)).isTrue();
      assertThat(compact(DEFAULT).outcome()).isEqualTo(Outcome.BUSY);
    }
    assertThat(compact(DEFAULT).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void neverClearsAnOperationThatItDidNotSee() throws SQLException {
    put("a", 10, 5);
    checkpoint();
    compaction.compact(
        STREAM,
        DEFAULT,
        () -> {
          // Between plan and execution: another implementation writes below the bound.
          database
              .database()
              .execute(
                  "INSERT INTO powersync.bucket_data SELECT group_id, bucket_name, 0, op,"
                      + " source_table, source_key, table_name, 'late', 1, data, NULL"
                      + " FROM powersync.bucket_data WHERE op_id = 9 ON CONFLICT DO NOTHING");
          return false;
        });
    assertThat(database.rows("SELECT 1 FROM powersync.bucket_data WHERE row_id = 'late'"))
        .hasSize(1);
    assertThat(kinds("a")).isEqualTo("PUT 11");
    // And what it had to leave, it does next time.
    assertThat(compact(DEFAULT).skippedBuckets()).isZero();
    assertThat(kinds("a")).isEqualTo("MOVE 5, PUT 6");
  }

  @Test
  void expiresRequestsOfClientsOnly() {
    database
        .database()
        .execute(
            "INSERT INTO powersync.write_checkpoints VALUES"
                + " ('old', '{}', 1, '2024-01-01'), ('new', '{}', 1, now()), ('kept', '{}', 1, NULL)",
            "INSERT INTO powersync.custom_write_checkpoints VALUES"
                + " ('old', 1, 1, '2024-01-01'), ('kept', 1, 1, NULL)");
    CompactionReport report =
        compact(
            DEFAULT
                .withBuckets(List.of())
                .withExpireRequestsBefore(Instant.parse("2024-02-01T00:00:00Z")));
    assertThat(report.expiredRequests()).isEqualTo(2);
    assertThat(database.rows("SELECT 1 FROM powersync.write_checkpoints")).hasSize(2);
    assertThat(database.rows("SELECT 1 FROM powersync.custom_write_checkpoints")).hasSize(1);
  }

  @Test
  void parameterHistoryGoesWhenNobodyIsServedItAnyMore() {
    parameters("a", "k", "[1]", "[2]", "[3]");
    parameters("b", "k", "[1]", "[]");
    parameters("c", "k", "[1]");
    checkpoint();
    parameters("a", "k", "[4]");
    parameters("c", "k", "[]");

    assertThat(compact(PARAMETERS).parameterRows()).isEqualTo(4);
    assertThat(
            database
                .rows("SELECT bucket_parameters AS p FROM powersync.bucket_parameters ORDER BY id")
                .findValuesAsText("p"))
        .containsExactly("[3]", "[1]", "[4]", "[]");
    assertThat(compact(PARAMETERS).parameterRows()).isZero();
    checkpoint();
    assertThat(compact(PARAMETERS).parameterRows()).isEqualTo(3);
  }

  @Test
  void parameterHistoryOfCheckpointsThatMayStillBeServedStays() {
    parameters("a", "k", "[1]", "[2]");
    checkpoint();
    CompactionOptions cautious = PARAMETERS.withParameters(true, Duration.ofMinutes(15));
    assertThat(compact(cautious).parameterRows()).isZero();
    assertThat(compact(cautious).parameterRows()).isZero();
    database
        .database()
        .execute("UPDATE powersync.x_compaction SET seen_at = now() - interval '20 minutes'");
    assertThat(compact(cautious).parameterRows()).isEqualTo(1);
  }

  /** As a flush that writes no operation notes it, while the copies take their ids. */
  @Test
  void defragmentationAddsToWhatAFlushNotedUnderTheSameId() {
    put("a", 2, 1);
    checkpoint();
    database
        .database()
        .execute(
            "UPDATE powersync.bucket_data SET row_id = 'first', source_key = 'f' WHERE op_id = 1",
            "INSERT INTO powersync.current_data SELECT 1, source_table, source_key,"
                + " jsonb_build_array(jsonb_build_object('bucket', bucket_name, 'table',"
                + " table_name, 'id', row_id)), '', '{}' FROM powersync.bucket_data");
    put("a", 1, 1);
    checkpoint();
    PrivateTables.create(database.resources().sql());
    database
        .database()
        .execute("INSERT INTO powersync.x_bucket_changes VALUES ('test_1_0000', 4, '{b}')");
    assertThat(compaction.defragment(STREAM, new BucketName("a"), () -> false).rewritten())
        .isEqualTo(1);
    assertThat(
            database
                .rows("SELECT bucket_names::text AS names FROM powersync.x_bucket_changes")
                .findValuesAsText("names"))
        .containsExactly("{b,a}");
  }

  @Test
  void defragmentedBucketCanBeClearedAfterTheNextCheckpoint() {
    put("a", 100, 50);
    checkpoint();
    database
        .database()
        .execute(
            "UPDATE powersync.bucket_data SET row_id = 'first' WHERE op_id = 1",
            "INSERT INTO powersync.current_data"
                + " SELECT DISTINCT ON (source_table, source_key, row_id) 1, source_table,"
                + " convert_to(row_id, 'UTF8'), jsonb_build_array(jsonb_build_object('bucket',"
                + " bucket_name, 'table', table_name, 'id', row_id)), '', '{}'"
                + " FROM powersync.bucket_data",
            "UPDATE powersync.bucket_data SET source_key = convert_to(row_id, 'UTF8')");
    compact(DEFAULT);
    assertThat(kinds("a")).isEqualTo("MOVE 49, PUT 51");
    DefragmentationReport report = compaction.defragment(STREAM, new BucketName("a"), () -> false);
    assertThat(report).isEqualTo(new DefragmentationReport(Outcome.DONE, 100, 1));
    assertThat(database.streamRow().get("keepalive_op").asLong()).isEqualTo(101);
    checkpoint();
    compact(DEFAULT);
    assertThat(kinds("a")).isEqualTo("CLEAR 1, PUT 51");
  }

  private CompactionReport compact(CompactionOptions options) {
    return compaction.compact(STREAM, options, () -> false);
  }

  /** PUTs going round some rows. */
  private void put(String bucket, int operations, int rows) {
    database
        .database()
        .execute(
            """
            INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
              source_key, table_name, row_id, checksum, data)
            SELECT 1, '%s', nextval('powersync.op_id_sequence'), 'PUT', 't', int4send(n %% %d),
                   'type', (n %% %d)::text, n, '{"some":"data"}'
              FROM generate_series(1, %d) AS n"""
                .formatted(bucket, rows, rows, operations));
  }

  private void parameters(String key, String lookup, String... rows) {
    for (String row : rows) {
      database
          .database()
          .execute(
              """
              INSERT INTO powersync.bucket_parameters
                (group_id, source_table, source_key, lookup, bucket_parameters)
              VALUES (1, 't', '%s', '%s', '%s')"""
                  .formatted(key, lookup, row));
    }
  }

  private void checkpoint() {
    database
        .database()
        .execute(
            "UPDATE powersync.sync_rules SET last_checkpoint ="
                + " (SELECT last_value FROM powersync.op_id_sequence)");
  }

  private String kinds(String bucket) {
    return database
        .rows(
            "SELECT string_agg(op || ' ' || n, ', ' ORDER BY op) AS kinds FROM (SELECT op,"
                + " count(*) AS n FROM powersync.bucket_data WHERE bucket_name = '"
                + bucket
                + "' GROUP BY op) AS k")
        .get(0)
        .get("kinds")
        .asText();
  }
}
