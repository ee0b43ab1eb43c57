package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.ExplainedPlan;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;

/** The indexes that compaction relies on, in a table that one bucket dominates. */
class CompactionPlansIT {
  private final WriterDatabase database = new WriterDatabase(2);
  private Connection connection;

  @BeforeEach
  void fill() throws SQLException {
    connection = database.database().connect();
    connection.setAutoCommit(false);
    database
        .database()
        .execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,"
                + " source_key, table_name, row_id, checksum) SELECT 1, CASE WHEN n % 100 = 0 THEN"
                + " 'small' || n % 7 ELSE 'large' END, n, 'PUT', 't', int4send(n), 'type', n, 1"
                + " FROM generate_series(1, 50000) n",
            "INSERT INTO powersync.bucket_parameters SELECT n, 1, 't', int4send(n % 1000),"
                + " int4send(n % 10), '[1]' FROM generate_series(1, 50000) n",
            "ANALYZE");
  }

  @AfterEach
  void close() throws SQLException {
    connection.rollback();
    connection.close();
    database.close();
  }

  @Test
  void changedBucketsAreFoundThroughThePrimaryKey() throws SQLException {
    assertThat(
            ExplainedPlan.of(
                connection, ChangedBuckets.FIRST_PAGE, 1, 1, 1000, 10L, 20L, 1, 10L, 20L))
        .contains("Index Only Scan Backward using unique_id")
        .doesNotContain("Seq Scan");
    assertThat(
            ExplainedPlan.of(
                connection, ChangedBuckets.NEXT_PAGE, 1, "x", 1, 1000, 10L, 20L, 1, 10L, 20L))
        .contains("Index Only Scan Backward using unique_id")
        .doesNotContain("Seq Scan");
  }

  @Test
  void operationsAreRewrittenThroughThePrimaryKey() throws SQLException {
    rewritingGoesThroughTheKey();
  }

  /** As right after a first copy, before autovacuum came by. */
  @Test
  void operationsOfATableWithoutStatisticsToo() throws SQLException {
    run("DELETE FROM pg_statistic WHERE starelid = 'powersync.bucket_data'::regclass");
    run("UPDATE pg_class SET reltuples = -1 WHERE oid = 'powersync.bucket_data'::regclass");
    rewritingGoesThroughTheKey();
  }

  private void rewritingGoesThroughTheKey() throws SQLException {
    run(BatchStatements.BY_PLACE);
    assertThat(
            ExplainedPlan.of(
                connection,
                BatchStatements.MOVE.replace(
                    "?::int8[], ?::int8[], ?::tid[]",
                    "ARRAY[5,6]::int8[], ARRAY[7,7]::int8[], ARRAY['(0,1)','(0,2)']::tid[]"),
                new String[] {"large", "small"},
                1))
        .contains("Tid Scan on bucket_data b", "TID Cond: (ctid = k.place)");
    run("SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on");
    run(BatchStatements.THROUGH_THE_KEY);
    assertThat(
            ExplainedPlan.of(
                connection,
                BatchStatements.CLEAR.replace(
                    "?::int8[], ?::int8[]", "ARRAY[5,6]::int8[], ARRAY[7,7]::int8[]"),
                new String[] {"large", "small"},
                1,
                1))
        .containsPattern("Index Cond: .*bucket_name = k[_0-9]*.bucket_name.*op_id < k[_0-9]*.op_id")
        .contains("Tid Scan on bucket_data b")
        .doesNotContain("Seq Scan on bucket_data");
  }

  @Test
  void bucketsAreReadThroughThePrimaryKey() throws SQLException {
    run(
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off;"
            + " SET LOCAL enable_mergejoin = off");
    String select = CompactionPlan.DECLARE.substring(CompactionPlan.DECLARE.indexOf("WITH chosen"));
    assertThat(
            ExplainedPlan.of(
                connection, select, new String[] {"small1"}, 1, 0L, 50_000L, 0L, 1, 50_000L))
        .contains("unique_id")
        .doesNotContain("Seq Scan on bucket_data")
        .contains("Hash");
  }

  @Test
  void parameterHistoryIsFoundThroughItsIndexes() throws SQLException {
    assertThat(ExplainedPlan.of(connection, ParameterCompaction.PAGE_END, 10L, 40_000L, 5000))
        .contains("bucket_parameters_pkey")
        .doesNotContain("Seq Scan");
    run(ParameterCompaction.THROUGH_INDEXES);
    assertThat(ExplainedPlan.of(connection, ParameterCompaction.DELETE, 1, 10L, 500L, 1))
        .containsAnyOf("bucket_parameters_source_index", "bucket_parameters_lookup_index")
        .contains("bucket_parameters_pkey")
        .doesNotContain("Seq Scan on bucket_parameters");
  }

  private void run(String settings) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(settings);
    }
  }
}
