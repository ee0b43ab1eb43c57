package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;

/**
 * Compaction as another implementation does it, row by row and without our lock (storage section
 * 8): the second compactor of the concurrency tests.
 */
final class WalkingCompaction {
  private static final String WALK =
      """
      SELECT op_id, op, concat_ws('/', table_name, row_id, source_table, encode(source_key, 'hex'))
        FROM powersync.bucket_data WHERE group_id = 1 AND bucket_name = ? AND op_id <= ?
       ORDER BY op_id DESC""";

  private static final String MOVE =
      """
      UPDATE powersync.bucket_data
         SET op = 'MOVE', target_op = ?, table_name = NULL, row_id = NULL, data = NULL,
             source_table = NULL, source_key = NULL
       WHERE group_id = 1 AND bucket_name = ? AND op_id = ? AND op IN ('PUT', 'REMOVE')""";

  private static final String PREFIX =
      """
      SELECT op_id, op, checksum, target_op FROM powersync.bucket_data
       WHERE group_id = 1 AND bucket_name = ? AND op_id <= ? ORDER BY op_id LIMIT ?""";

  private static final String DELETE =
      "DELETE FROM powersync.bucket_data WHERE group_id = 1 AND bucket_name = ? AND op_id <= ?";

  private static final String INSERT =
      """
      INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum, target_op)
      VALUES (1, ?, ?, 'CLEAR', ?, ?)""";

  private final Connection connection;
  private final int moveBatch;
  private final int clearBatch;

  WalkingCompaction(Connection connection, int moveBatch, int clearBatch) {
    this.connection = connection;
    this.moveBatch = moveBatch;
    this.clearBatch = clearBatch;
  }

  private record Move(long opId, long target) {}

  /** Compacts one bucket; gives up, as the other implementation does, when it loses a race. */
  void compact(String bucket, long maxOp) throws SQLException {
    try {
      connection.setAutoCommit(false);
      long candidate = walk(bucket, maxOp);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      while (candidate > 0 && clear(bucket, candidate)) {
        connection.commit();
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      if (!SqlFailures.lostRace(e)) {
        throw e;
      }
    } finally {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(true);
    }
  }

  /** Returns the last operation that may be cleared, 0 for none. */
  private long walk(String bucket, long maxOp) throws SQLException {
    Map<String, Long> seen = new HashMap<>();
    List<Move> moves = new ArrayList<>();
    long candidate = 0;
    int count = 0;
    try (PreparedStatement statement = connection.prepareStatement(WALK)) {
      statement.setString(1, bucket);
      statement.setLong(2, maxOp);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long opId = row.getLong(1);
          String op = row.getString(2);
          boolean change = "PUT".equals(op) || "REMOVE".equals(op);
          Long newer = change ? seen.putIfAbsent(row.getString(3), opId) : null;
          if (newer != null) {
            moves.add(new Move(opId, newer));
          }
          if ("PUT".equals(op) && newer == null) {
            candidate = 0;
            count = 0;
          } else if (!"CLEAR".equals(op)) {
            candidate = candidate == 0 ? opId : candidate;
            count++;
          }
        }
      }
    }
    for (int from = 0; from < moves.size(); from += moveBatch) {
      move(bucket, moves.subList(from, Math.min(moves.size(), from + moveBatch)));
    }
    connection.commit();
    return count > 1 ? candidate : 0;
  }

  private void move(String bucket, List<Move> moves) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
      for (Move move : moves) {
        statement.setLong(1, move.target());
        statement.setString(2, bucket);
        statement.setLong(3, move.opId());
        statement.addBatch();
      }
      statement.executeBatch();
    }
    connection.commit();
  }

  /** Clears some operations; false when only CLEAR was left, or a PUT that it did not expect. */
  private boolean clear(String bucket, long upTo) throws SQLException {
    long last = 0;
    int sum = 0;
    Long target = null;
    boolean onlyClear = true;
    try (PreparedStatement statement = connection.prepareStatement(PREFIX)) {
      statement.setString(1, bucket);
      statement.setLong(2, upTo);
      statement.setInt(3, clearBatch);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if ("PUT".equals(row.getString(2))) {
            return false;
          }
          last = row.getLong(1);
          onlyClear &= "CLEAR".equals(row.getString(2));
          sum += (int) row.getLong(3);
          long rowTarget = row.getLong(4);
          if (!row.wasNull()) {
            target = target == null ? rowTarget : Math.max(target, rowTarget);
          }
        }
      }
    }
    if (onlyClear) {
      return false;
    }
    try (PreparedStatement delete = connection.prepareStatement(DELETE);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      delete.setString(1, bucket);
      delete.setLong(2, last);
      delete.executeUpdate();
      insert.setString(1, bucket);
      insert.setLong(2, last);
      insert.setLong(3, sum);
      insert.setObject(4, target);
      insert.executeUpdate();
    }
    return true;
  }
}
