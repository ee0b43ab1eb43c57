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
 * The operations of some buckets in order, each with the one that supersedes it, found by one
 * statement and held by the server as a cursor that outlives its transaction, so that neither
 * memory here nor a snapshot there grows with the buckets. One plan at a time per connection.
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

  /**
   * Of rows with one operation, while nothing is compacted yet, nothing is superseded. What stands
   * beside {@code row_id} and {@code source_key} hides their statistics from the planner, who would
   * hash all operations instead of the newest ones because it has none of those.
   */
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
         GROUP BY c.bucket, o.table_name, o.row_id, o.source_table, o.source_key
        HAVING count(*) > 1 OR ? > 0)
      SELECT o.bucket, o.op_id, o.kind, o.checksum, o.bytes, o.target_op, n.op_id, o.place
        FROM (SELECT c.bucket, r.* FROM chosen AS c CROSS JOIN LATERAL (
                SELECT op_id, CASE op WHEN 'PUT' THEN 0 WHEN 'CLEAR' THEN 2 ELSE 1 END AS kind,
                       op IN ('PUT', 'REMOVE') AS changes, table_name, row_id || '' AS row_id,
                       source_table, source_key || ''::bytea AS source_key, checksum, target_op,
                       ctid AS place,
                       coalesce(pg_column_size(data), 0) AS bytes
                  FROM powersync.bucket_data
                 WHERE group_id = ? AND bucket_name = c.name AND op_id <= ? OFFSET 0) AS r) AS o
        LEFT JOIN newest AS n
          ON n.bucket = o.bucket AND n.row_id = o.row_id AND n.table_name = o.table_name
         AND n.source_table = o.source_table AND n.source_key = o.source_key
         AND n.op_id > o.op_id AND o.changes
       ORDER BY 1, 2\
      """;

  private static final String FETCH = "FETCH FORWARD 5000 FROM x_plan";

  private final List<String> buckets;
  private final Connection connection;
  private final PreparedStatement fetch;

  private CompactionPlan(Connection connection, List<String> buckets) throws SQLException {
    this.connection = connection;
    this.buckets = buckets;
    this.fetch = connection.prepareStatement(FETCH);
  }

  /** What matters about the kind of an operation, in the order of the plan's numbers. */
  enum Kind {
    /** May be a row that clients hold. */
    PUT,
    /** REMOVE or MOVE. */
    OTHER,
    CLEAR
  }

  /**
   * An operation.
   *
   * @param bytes stored size of its row data
   * @param target that it depends on, 0 for none
   * @param supersededBy the newest operation of the same row, 0 when it is that itself
   * @param place where it was found, a {@code tid}
   */
  record Operation(
      String bucket,
      long opId,
      Kind kind,
      long checksum,
      int bytes,
      long target,
      long supersededBy,
      String place) {}

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
            declare.setLong(5, compactedOp);
            declare.setInt(6, stream.value());
            declare.setLong(7, maxOp);
            declare.execute();
          }
          return true;
        });
    return new CompactionPlan(connection, buckets);
  }

  /** The next operations, bucket by bucket and by id; empty at the end. */
  List<Operation> next() throws SQLException {
    List<Operation> operations = new ArrayList<>();
    try (ResultSet row = fetch.executeQuery()) {
      while (row.next()) {
        operations.add(
            new Operation(
                buckets.get(row.getInt(1) - 1),
                row.getLong(2),
                Kind.values()[row.getInt(3)],
                row.getLong(4),
                row.getInt(5),
                row.getLong(6),
                row.getLong(7),
                row.getString(8)));
      }
    }
    return operations;
  }

  @Override
  public void close() throws SQLException {
    fetch.close();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CLOSE x_plan");
    }
  }
}
