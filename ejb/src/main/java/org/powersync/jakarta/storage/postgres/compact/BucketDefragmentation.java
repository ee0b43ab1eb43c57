package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.DefragmentationReport;

/**
 * Copies the current rows of one bucket behind its superseded operations. For one thread.
 *
 * <p>Beside a replicating writer, whoever that is, two locks keep it right. The stream's row is
 * locked before operation ids are taken, so that no checkpoint passes a copy that is not committed.
 * The rows' current data are locked, as a flush does, so that no newer change of a row gets an id
 * below its copy. The next checkpoint publishes the copies, because they are remembered as {@code
 * keepalive_op}.
 */
final class BucketDefragmentation {
  private static final int ROWS = 1_000;

  /** Current rows up to the last operation that a compaction could clear if they were gone. */
  private static final String DECLARE =
      """
      DECLARE x_rows NO SCROLL CURSOR WITH HOLD FOR
      WITH operations AS MATERIALIZED (
        SELECT op_id, op, table_name, row_id, source_table, source_key,
               op = 'PUT' AND op_id = max(op_id) OVER (
                 PARTITION BY op IN ('PUT', 'REMOVE'), row_id COLLATE "C", table_name COLLATE "C",
                              source_table COLLATE "C", source_key) AS is_current
          FROM powersync.bucket_data WHERE group_id = ? AND bucket_name = ? AND op_id <= ?),
      counted AS (
        SELECT count(*) AS operations,
               max(op_id) FILTER (WHERE NOT is_current AND op <> 'CLEAR') AS last_superseded
          FROM operations)
      SELECT c.operations, o.op_id, o.table_name, o.row_id, o.source_table, o.source_key
        FROM counted AS c LEFT JOIN operations AS o ON o.is_current AND o.op_id < c.last_superseded
       ORDER BY o.op_id\
      """;

  private static final String LOCK_STREAM =
      "SELECT state = 'ACTIVE' FROM powersync.sync_rules WHERE id = ? FOR UPDATE";

  private static final String LOCK_ROWS =
      """
      SELECT k.op_id
        FROM unnest(?::int8[], ?::text[], ?::bytea[], ?::text[], ?::text[])
             AS k(op_id, source_table, source_key, type, id)
       CROSS JOIN LATERAL (
             SELECT 1 FROM powersync.%s
              WHERE group_id = ? AND source_table = k.source_table AND source_key = k.source_key
                AND buckets @> jsonb_build_array(
                  jsonb_build_object('bucket', ?::text, 'table', k.type, 'id', k.id))
                %s FOR NO KEY UPDATE) AS c\
      """;

  /** Only what nobody wrote anew since the checkpoint; ids are taken in the old order. */
  private static final String COPY =
      """
      WITH fresh AS MATERIALIZED (
        SELECT table_name, row_id, source_table, source_key FROM powersync.bucket_data
         WHERE group_id = ? AND bucket_name = ? AND op_id > ? AND op IN ('PUT', 'REMOVE')),
      old AS MATERIALIZED (
        SELECT b.* FROM unnest(?::int8[]) AS k(op_id) CROSS JOIN LATERAL (
          SELECT * FROM powersync.bucket_data
           WHERE group_id = ? AND bucket_name = ? AND op_id = k.op_id AND op = 'PUT' OFFSET 0) AS b
         WHERE NOT EXISTS (
           SELECT FROM fresh AS f
            WHERE f.row_id = b.row_id AND f.table_name = b.table_name
              AND f.source_table = b.source_table AND f.source_key = b.source_key)
         ORDER BY b.op_id),
      copies AS (
        INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
                                           source_key, table_name, row_id, checksum, data)
        SELECT group_id, bucket_name, nextval('powersync.op_id_sequence'), op, source_table,
               source_key, table_name, row_id, checksum, data
          FROM old
        RETURNING op_id)
      SELECT count(*), max(op_id) FROM copies\
      """;

  /** A flush without operations may have noted the same last id, for no bucket. */
  private static final String PUBLISH =
      """
      WITH noted AS (
        INSERT INTO powersync.x_bucket_changes AS x (stream_name, op_id, bucket_names)
        VALUES (?, ?, ARRAY[?])
        ON CONFLICT (stream_name, op_id) DO UPDATE SET bucket_names =
          CASE WHEN x.bucket_names IS NOT NULL THEN x.bucket_names || excluded.bucket_names END)
      UPDATE powersync.sync_rules SET keepalive_op = greatest(keepalive_op, ?) WHERE id = ?\
      """;

  private final Connection connection;
  private final CompactedStream stream;
  private final String bucket;
  private final StopCondition stop;
  private final String lockRows;
  private long operations;
  private long rewritten;

  BucketDefragmentation(
      Connection connection, CompactedStream stream, String bucket, StopCondition stop) {
    this.connection = connection;
    this.stream = stream;
    this.bucket = bucket;
    this.stop = stop;
    boolean softDeletes = stream.storageVersion() >= 3;
    this.lockRows =
        LOCK_ROWS.formatted(
            softDeletes ? "v3_current_data" : "current_data",
            softDeletes ? "AND pending_delete IS NULL" : "");
  }

  /** A current row of the bucket and the operation that put it there. */
  private record Row(long opId, String type, String id, String sourceTable, byte[] sourceKey) {
    static final Comparator<Row> LOCK_ORDER =
        Comparator.comparing(Row::sourceTable)
            .thenComparing(Row::sourceKey, Arrays::compareUnsigned);
  }

  DefragmentationReport run() throws SQLException {
    declare();
    boolean complete = true;
    try {
      List<Row> rows;
      while (complete && !(rows = next()).isEmpty()) {
        complete = !stop.met() && copied(rows);
      }
    } finally {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CLOSE x_rows");
      }
    }
    return new DefragmentationReport(
        complete ? Outcome.DONE : Outcome.INTERRUPTED, operations, rewritten);
  }

  private void declare() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DECLARE)) {
      statement.setInt(1, stream.id().value());
      statement.setString(2, bucket);
      statement.setLong(3, stream.checkpoint());
      statement.execute();
    }
  }

  private List<Row> next() throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("FETCH FORWARD " + ROWS + " FROM x_rows")) {
      while (row.next()) {
        operations = row.getLong(1);
        if (row.getString(3) != null) {
          rows.add(
              new Row(
                  row.getLong(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getBytes(6)));
        }
      }
    }
    rows.sort(Row.LOCK_ORDER);
    return rows;
  }

  /** False when the stream is not active any more. */
  private boolean copied(List<Row> rows) throws SQLException {
    long[] copies = {0};
    boolean active = BatchTransaction.repeat(connection, () -> copy(rows, copies));
    rewritten += copies[0];
    return active;
  }

  private boolean copy(List<Row> rows, long[] copied) throws SQLException {
    copied[0] = 0;
    try (PreparedStatement statement = connection.prepareStatement(LOCK_STREAM)) {
      statement.setInt(1, stream.id().value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !row.getBoolean(1)) {
          return false;
        }
      }
    }
    List<Long> locked = lock(rows);
    long copies;
    long last;
    try (PreparedStatement statement = connection.prepareStatement(COPY)) {
      statement.setInt(1, stream.id().value());
      statement.setString(2, bucket);
      statement.setLong(3, stream.checkpoint());
      statement.setArray(4, connection.createArrayOf("int8", locked.toArray()));
      statement.setInt(5, stream.id().value());
      statement.setString(6, bucket);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        copies = row.getLong(1);
        last = row.getLong(2);
      }
    }
    if (copies > 0) {
      publish(last);
      copied[0] = copies;
    }
    return true;
  }

  private List<Long> lock(List<Row> rows) throws SQLException {
    List<Long> locked = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(lockRows)) {
      statement.setArray(
          1, connection.createArrayOf("int8", rows.stream().map(Row::opId).toArray()));
      statement.setArray(
          2, connection.createArrayOf("text", rows.stream().map(Row::sourceTable).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf(
              "bytea", rows.stream().map(Row::sourceKey).toArray(byte[][]::new)));
      statement.setArray(
          4, connection.createArrayOf("text", rows.stream().map(Row::type).toArray()));
      statement.setArray(5, connection.createArrayOf("text", rows.stream().map(Row::id).toArray()));
      statement.setInt(6, stream.id().value());
      statement.setString(7, bucket);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          locked.add(row.getLong(1));
        }
      }
    }
    return locked;
  }

  private void publish(long last) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUBLISH)) {
      statement.setString(1, stream.name());
      statement.setLong(2, last);
      statement.setString(3, bucket);
      statement.setLong(4, last);
      statement.setInt(5, stream.id().value());
      statement.executeUpdate();
    }
  }
}
