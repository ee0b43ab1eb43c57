package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.powersync.jakarta.storage.GroupId;

/**
 * Keeps two of our processes from compacting one stream: an advisory lock of the session, gone with
 * its connection whatever happens.
 */
final class CompactionLock {
  /** First half of the key; the second is the stream's number. */
  private static final int KEY = 0x78_63_6D_70;

  private CompactionLock() {}

  static boolean take(Connection connection, GroupId stream) throws SQLException {
    return call(connection, "SELECT pg_try_advisory_lock(?, ?)", stream);
  }

  static void release(Connection connection, GroupId stream) throws SQLException {
    call(connection, "SELECT pg_advisory_unlock(?, ?)", stream);
  }

  private static boolean call(Connection connection, String sql, GroupId stream)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, KEY);
      statement.setInt(2, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
