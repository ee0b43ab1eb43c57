package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Operations of several buckets of one stream, each after its own position (storage section 6.5).
 * One statement; what it returns is bounded in rows and in bytes, so a reader needs little memory
 * however large the rows are.
 */
final class OperationsQuery {
  /** Row text in one answer; a single larger row travels alone. */
  private static final int MAX_BYTES = 4 << 20;

  /**
   * Walks the primary key once per bucket and stops at the limit. The order of {@code ordinal}
   * costs no sort; within a bucket the rows come as the index has them. A row behind the byte limit
   * comes without its text: it says that there is more.
   */
  private static final String READ =
      """
      SELECT ordinal, op_id, op, source_table, source_key, table_name, row_id, checksum, target_op,
             CASE WHEN before < ? THEN data END, before >= ?
        FROM (SELECT asked.ordinal, d.*,
                     sum(coalesce(octet_length(d.data), 0)::int8)
                       OVER (ROWS UNBOUNDED PRECEDING)::int8
                       - coalesce(octet_length(d.data), 0) AS before
                FROM unnest(?::text[], ?::int8[])
                     WITH ORDINALITY AS asked(bucket, after, ordinal)
               CROSS JOIN LATERAL (
                     SELECT op_id, op, source_table, source_key, table_name, row_id, checksum,
                            target_op, data
                       FROM powersync.bucket_data
                      WHERE group_id = ? AND bucket_name = asked.bucket
                        AND op_id > asked.after AND op_id <= ?
                      ORDER BY op_id
                      LIMIT ?) AS d
               ORDER BY asked.ordinal
               LIMIT ?) AS found
      """;

  private final SqlTransactions sql;
  private final GroupId stream;

  OperationsQuery(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  List<BucketChunk> read(OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    List<BucketPosition> ordered =
        positions.stream().sorted(Comparator.comparing(BucketPosition::bucket)).toList();
    return sql.autocommit(
        "read operations", connection -> read(connection, checkpoint, ordered, limits));
  }

  private List<BucketChunk> read(
      Connection connection, OpId checkpoint, List<BucketPosition> positions, ReadLimits limits)
      throws SQLException {
    String[] buckets = new String[positions.size()];
    Long[] after = new Long[positions.size()];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = positions.get(i).bucket().value();
      after[i] = positions.get(i).after().value();
    }
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      // Who asks for larger chunks has room for one.
      long bytes = Math.max(MAX_BYTES, limits.chunkSize());
      statement.setLong(1, bytes);
      statement.setLong(2, bytes);
      statement.setArray(3, connection.createArrayOf("text", buckets));
      statement.setArray(4, connection.createArrayOf("int8", after));
      statement.setInt(5, stream.value());
      statement.setLong(6, checkpoint.value());
      statement.setLong(7, limits.rows());
      statement.setLong(8, limits.rows());
      try (ResultSet rows = statement.executeQuery()) {
        return chunks(rows, positions, limits);
      }
    }
  }

  private List<BucketChunk> chunks(
      ResultSet rows, List<BucketPosition> positions, ReadLimits limits) throws SQLException {
    ChunkBuilder chunks = new ChunkBuilder(limits.chunkSize());
    OperationRow row = new OperationRow(rows);
    int delivered = 0;
    int ordinal = 0;
    long opId = 0;
    while (rows.next()) {
      if (row.behindByteLimit()) {
        return chunks.finish(true);
      }
      boolean sameBucket = row.ordinal() == ordinal;
      if (row.ordinal() < ordinal || (sameBucket && row.opId() <= opId)) {
        throw new PowerSyncException(
                ErrorCode.PSYNC_S0001, "The database returned operations out of order")
            .with("stream", stream);
      }
      ordinal = row.ordinal();
      opId = row.opId();
      if (!sameBucket) {
        chunks.bucket(positions.get(ordinal - 1));
      }
      chunks.add(row.operation(), row.targetOp());
      delivered++;
    }
    return chunks.finish(delivered >= limits.rows());
  }

  /** Target of a MOVE or CLEAR as the driver gives it. */
  static OptionalLong target(ResultSet rows, int column) throws SQLException {
    long target = rows.getLong(column);
    return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(target);
  }
}
