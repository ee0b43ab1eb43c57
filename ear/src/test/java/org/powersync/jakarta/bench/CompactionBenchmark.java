package org.powersync.jakarta.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.OutsideCompaction;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;

/**
 * P11: a bucket of a million operations over 100 000 rows is compacted; the yardstick is one UPDATE
 * of as many rows as became MOVE, in a copy of the table with the same key. Verified: the sum of
 * checksums stays, and no superseded operation keeps its content.
 */
final class CompactionBenchmark implements Benchmark {
  private static final int OPERATIONS = 1_000_000;
  private static final int OPERATIONS_PER_ROW = 10;
  private static final GroupId STREAM = new GroupId(1);

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int operations = bench.scaled(OPERATIONS);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database storage = bench.database("compact");
      fill(storage, operations);
      long sum = Bench.count(storage, SUM);
      long start = System.nanoTime();
      CompactionReport report =
          OutsideCompaction.run(
              storage,
              STREAM,
              CompactionOptions.DEFAULT.withParameters(false, Duration.ofMinutes(15)));
      work.add(Bench.seconds(start));
      Bench.check("sum of checksums", sum, Bench.count(storage, SUM));
      Bench.check(
          "rows that a client holds",
          operations / OPERATIONS_PER_ROW,
          Bench.count(storage, "SELECT count(*) FROM powersync.bucket_data WHERE op = 'PUT'"));
      yardstick.add(update(storage, report.moved()));
    }
    return List.of(new Figure("P11", "compaction of one bucket", "s", work, yardstick));
  }

  private static final String SUM =
      "SELECT (sum(checksum) % 4294967296)::bigint FROM powersync.bucket_data";

  /** Rows are changed in random order, so that live operations stand between superseded ones. */
  private static void fill(TestPostgres.Database storage, int operations) throws SQLException {
    new SchemaMigration(storage.dataSource()).migrate();
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO powersync.sync_rules (id, state, snapshot_done, last_checkpoint,"
              + " last_checkpoint_lsn, slot_name, content, storage_version) VALUES (1, 'ACTIVE',"
              + " true, "
              + operations
              + ", '00000000/00000001', 'bench', 'bucket_definitions: {}', 2)");
      statement.execute("CREATE SCHEMA yardstick");
      statement.execute("SELECT setseed(0.5)");
      statement.execute(
          """
          CREATE TABLE yardstick.filled AS
          SELECT o AS op_id, r, uuid_send(md5(r::text)::uuid) AS source_key,
                 (hashint8(o)::bigint & 4294967295) AS checksum
            FROM (SELECT row_number() OVER (ORDER BY random()) AS o, i %% %d AS r
                    FROM generate_series(1, %d) AS i) AS shuffled
          """
              .formatted(operations / OPERATIONS_PER_ROW, operations));
      statement.execute(
          """
          INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
                 source_key, table_name, row_id, checksum, data)
          SELECT 1, '1#all[]', op_id, 'PUT', '0b5a0b6a-3c53-4f6f-8a3e-0f5a3c1f2d11', source_key,
                 'notes', r::text, checksum,
                 '{"id":"' || r || '","body":"' || repeat('x', 120) || '"}'
            FROM yardstick.filled ORDER BY op_id
          """);
      statement.execute("VACUUM ANALYZE powersync.bucket_data");
    }
  }

  private static double update(TestPostgres.Database storage, long moved) throws SQLException {
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE yardstick.bucket_data (LIKE powersync.bucket_data INCLUDING ALL)");
      statement.execute(
          """
          INSERT INTO yardstick.bucket_data (group_id, bucket_name, op_id, op, source_table,
                 source_key, table_name, row_id, checksum, data)
          SELECT 1, '1#all[]', op_id, 'PUT', '0b5a0b6a-3c53-4f6f-8a3e-0f5a3c1f2d11', source_key,
                 'notes', r::text, checksum,
                 '{"id":"' || r || '","body":"' || repeat('x', 120) || '"}'
            FROM yardstick.filled ORDER BY op_id
          """);
      statement.execute("VACUUM ANALYZE yardstick.bucket_data");
      long start = System.nanoTime();
      int updated =
          statement.executeUpdate(
              "UPDATE yardstick.bucket_data SET op = 'MOVE', target_op = op_id + 1, table_name ="
                  + " NULL, row_id = NULL, source_table = NULL, source_key = NULL, data = NULL"
                  + " WHERE group_id = 1 AND bucket_name = '1#all[]' AND op_id <= "
                  + moved);
      double seconds = Bench.seconds(start);
      Bench.check("rows of the yardstick", moved, updated);
      return seconds;
    }
  }
}
