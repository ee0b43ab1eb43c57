package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.GroupId;

/**
 * What is to be done in some buckets, found by one statement and held by the server as a cursor
 * that outlives its transaction, so that neither memory here nor a snapshot there grows with the
 * buckets. One plan at a time per connection.
 *
 * <p>Each bucket is read through the primary key (the LATERAL subqueries cannot be flattened, and
 * sequential scans are off: statistics of a table with a few dominating buckets would otherwise
 * have all of it read). Row identities meet in a hash.
 */
final class CompactionPlan implements AutoCloseable {
  private static final String SETTINGS =
      """
      SELECT set_config('work_mem', ?, true), set_config('enable_seqscan', 'off', true),
        set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)\
      """;

  static final String DECLARE =
      """
      DECLARE x_plan NO SCROLL CURSOR WITH HOLD FOR
      WITH chosen AS MATERIALIZED (
        SELECT name, position::int AS bucket
          FROM unnest(?::text[]) WITH ORDINALITY AS names(name, position)),
      newest AS MATERIALIZED (
        SELECT c.bucket, o.table_name, o.row_id, o.source_table, o.source_key,
               max(o.op_id) AS op_id
          FROM chosen AS c CROSS JOIN LATERAL (
               SELECT table_name, row_id, source_table, source_key, op_id
                 FROM powersync.bucket_data
                WHERE group_id = ? AND bucket_name = c.name AND op_id > ? AND op_id <= ?
                  AND op IN ('PUT', 'REMOVE') OFFSET 0) AS o
         GROUP BY c.bucket, o.table_name, o.row_id, o.source_table, o.source_key),
      marked AS MATERIALIZED (
        SELECT o.bucket, o.op_id, o.op, o.checksum, o.bytes, o.target_op, n.op_id AS moved_to
          FROM (SELECT c.bucket, r.* FROM chosen AS c CROSS JOIN LATERAL (
                  SELECT op_id, op, table_name, row_id, source_table, source_key, checksum,
                         target_op, coalesce(pg_column_size(data), 0) AS bytes
                    FROM powersync.bucket_data
                   WHERE group_id = ? AND bucket_name = c.name AND op_id <= ? OFFSET 0) AS r) AS o
          LEFT JOIN newest AS n
            ON n.bucket = o.bucket AND n.row_id = o.row_id AND n.table_name = o.table_name
           AND n.source_table = o.source_table AND n.source_key = o.source_key
           AND n.op_id > o.op_id AND o.op IN ('PUT', 'REMOVE')),
      summary AS MATERIALIZED (
        SELECT bucket, max(op_id) AS last, count(*) AS operations, sum(bytes) AS bytes,
               sum(checksum) % 4294967296 AS checksum,
               coalesce(min(op_id) FILTER (WHERE op = 'PUT' AND moved_to IS NULL), max(op_id) + 1)
                 AS first_kept
          FROM marked GROUP BY bucket),
      prefix AS MATERIALIZED (
        SELECT m.bucket, m.op_id, m.op, m.bytes, greatest(m.moved_to, m.target_op) AS target,
               (row_number() OVER (PARTITION BY m.bucket ORDER BY m.op_id) - 1) / ? AS batch
          FROM marked AS m JOIN summary AS s ON s.bucket = m.bucket
         WHERE m.op_id < s.first_kept),
      cleared AS MATERIALIZED (
        SELECT bucket FROM prefix GROUP BY bucket HAVING count(*) FILTER (WHERE op <> 'CLEAR') > 1)
      SELECT 0 AS kind, 0::bigint AS batch, bucket, last AS op_id, operations, NULL::bigint AS target,
             bytes::bigint, checksum::bigint
        FROM summary
      UNION ALL
      SELECT 1, p.batch, p.bucket, max(p.op_id), count(*), max(p.target), sum(p.bytes)::bigint, 0
        FROM prefix AS p JOIN cleared AS c ON c.bucket = p.bucket GROUP BY p.batch, p.bucket
      UNION ALL
      SELECT 2, 0, m.bucket, m.op_id, 1, m.moved_to, m.bytes, 0
        FROM marked AS m JOIN summary AS s ON s.bucket = m.bucket
        LEFT JOIN cleared AS c ON c.bucket = m.bucket
       WHERE m.moved_to IS NOT NULL AND (c.bucket IS NULL OR m.op_id > s.first_kept)
       ORDER BY 1, 2, 3, 4\
      """;

  private final Connection connection;
  private final List<String> buckets;

  private CompactionPlan(Connection connection, List<String> buckets) {
    this.connection = connection;
    this.buckets = buckets;
  }

  /** What kind of thing a plan's row asks for, in the order of the plan. */
  enum Kind {
    /** Tells about a bucket: last operation, their number, size and checksum. */
    SUMMARY,
    /** All operations up to this one become a CLEAR, or join it. */
    CLEAR,
    /** This operation becomes a MOVE. */
    MOVE
  }

  /**
   * One row of a plan.
   *
   * @param batch of the CLEAR of one bucket, from 0
   * @param operations how many it is about
   * @param target the operation that supersedes, 0 for none
   * @param bytes stored size of the row data it is about
   * @param checksum of the bucket
   */
  record Step(
      Kind kind,
      long batch,
      String bucket,
      long opId,
      long operations,
      long target,
      long bytes,
      int checksum) {}

  /**
   * Makes a plan.
   *
   * @param compactedOp operations up to it do not supersede one another
   */
  static CompactionPlan make(
      Connection connection,
      GroupId stream,
      List<String> buckets,
      long compactedOp,
      long maxOp,
      CompactionOptions.Limits limits)
      throws SQLException {
    BatchTransaction.run(
        connection,
        () -> {
          try (PreparedStatement settings = connection.prepareStatement(SETTINGS)) {
            settings.setString(1, limits.memoryMegabytes() + "MB");
            settings.execute();
          }
          try (PreparedStatement declare = connection.prepareStatement(DECLARE)) {
            declare.setArray(1, connection.createArrayOf("text", buckets.toArray()));
            declare.setInt(2, stream.value());
            declare.setLong(3, compactedOp);
            declare.setLong(4, maxOp);
            declare.setInt(5, stream.value());
            declare.setLong(6, maxOp);
            declare.setInt(7, limits.clearBatch());
            declare.execute();
          }
          return true;
        });
    return new CompactionPlan(connection, buckets);
  }

  /** The next steps; empty at the end. */
  List<Step> next(int count) throws SQLException {
    List<Step> steps = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("FETCH FORWARD " + count + " FROM x_plan")) {
      while (row.next()) {
        steps.add(
            new Step(
                Kind.values()[row.getInt(1)],
                row.getLong(2),
                buckets.get(row.getInt(3) - 1),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                (int) row.getLong(8)));
      }
    }
    return steps;
  }

  @Override
  public void close() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CLOSE x_plan");
    }
  }
}
