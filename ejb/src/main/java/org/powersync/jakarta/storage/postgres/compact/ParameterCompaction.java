package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.powersync.jakarta.storage.GroupId;

/**
 * Removes parameter rows that no look-up can find any more: of each (lookup, source row) all but
 * the newest at the horizon, and that one too when it is a tombstone. Look-ups at the horizon and
 * at every later checkpoint give what they gave; nobody is served an earlier one.
 *
 * <p>Goes through the ids since the last time, in the order of the primary key. The old rows of
 * what it meets are found through {@code bucket_parameters_source_index}.
 */
final class ParameterCompaction {
  static final int ROWS = 5_000;

  static final String PAGE_END =
      """
      SELECT max(id) FROM (
        SELECT id FROM powersync.bucket_parameters
         WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) AS page\
      """;

  static final String DELETE =
      """
      WITH fresh AS MATERIALIZED (
        SELECT lookup, source_table, source_key, max(id) AS newest
          FROM powersync.bucket_parameters
         WHERE group_id = ? AND id > ? AND id <= ?
         GROUP BY lookup, source_table, source_key),
      old AS MATERIALIZED (
        SELECT p.id FROM fresh AS f CROSS JOIN LATERAL (
          SELECT id FROM powersync.bucket_parameters
           WHERE group_id = ? AND source_table = f.source_table AND source_key = f.source_key
             AND lookup = f.lookup
             AND (id < f.newest OR id = f.newest AND bucket_parameters = '[]') OFFSET 0) AS p)
      DELETE FROM powersync.bucket_parameters WHERE id IN (SELECT id FROM old)\
      """;

  static final String THROUGH_INDEXES =
      "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off";

  private ParameterCompaction() {}

  /** Compacts from where the record says, up to the horizon; returns rows removed. */
  static long compact(
      Connection connection,
      GroupId stream,
      CompactionRecord record,
      long horizon,
      StopCondition stop)
      throws SQLException {
    long removed = 0;
    while (record.parametersOp() < horizon && !stop.met()) {
      long end = pageEnd(connection, record.parametersOp(), horizon);
      long after = record.parametersOp();
      long[] deleted = {0};
      BatchTransaction.repeat(
          connection,
          () -> {
            deleted[0] = delete(connection, stream, after, end);
            record.parametersDone(connection, end);
            return true;
          });
      removed += deleted[0];
    }
    return removed;
  }

  /** The id that ends the next page, the horizon when nothing is left. */
  private static long pageEnd(Connection connection, long after, long horizon) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PAGE_END)) {
      statement.setLong(1, after);
      statement.setLong(2, horizon);
      statement.setInt(3, ROWS);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long end = row.getLong(1);
        return row.wasNull() ? horizon : end;
      }
    }
  }

  private static long delete(Connection connection, GroupId stream, long after, long end)
      throws SQLException {
    try (Statement settings = connection.createStatement()) {
      settings.execute(THROUGH_INDEXES);
    }
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      statement.setInt(1, stream.value());
      statement.setLong(2, after);
      statement.setLong(3, end);
      statement.setInt(4, stream.value());
      return statement.executeUpdate();
    }
  }
}
