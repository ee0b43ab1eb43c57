package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Notices that the server crashed and came back without changes that were stored while nobody
 * waited for its disk. A connection that breaks says so, but this writer may have had none:
 * connections come from a pool that others use, too. So whatever makes such changes count asks
 * first, in its own transaction. For one thread.
 */
final class CrashWatch {
  /** A server that recovers from a crash begins its statistics anew, one that was shut down not. */
  private static final String STATISTICS_BEGAN =
      "SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter";

  private static final String CRASH_SHUTDOWN = "57P02";

  private final String began;
  private boolean stored;

  private CrashWatch(String began) {
    this.began = began;
  }

  /** Begins to watch. */
  static CrashWatch begin(SqlTransactions sql) {
    return new CrashWatch(sql.autocommit("looking at the server", CrashWatch::began));
  }

  /** Something was stored that may not be on disk yet. */
  void stored() {
    stored = true;
  }

  /** All that was stored is on disk, and was there. */
  void onDisk() {
    stored = false;
  }

  /** In the transaction that makes what this writer stored count. */
  void checkStored(Connection connection) throws SQLException {
    if (stored) {
      check(connection);
    }
  }

  /** In the transaction that makes count what this and other writers stored. */
  void check(Connection connection) throws SQLException {
    if (!began.equals(began(connection))) {
      throw SqlFailures.of(
          "finding what was stored before",
          new SQLException(
              "the server crashed and may have lost what was not on its disk", CRASH_SHUTDOWN));
    }
  }

  private static String began(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATISTICS_BEGAN);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
