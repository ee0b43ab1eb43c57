package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Whether a database can be replicated, checked at the start of every attempt (replication section
 * 1.5). Each failure names what mends it.
 */
public final class SourceChecks {
  /** The publication that decides what is replicated. */
  public static final String PUBLICATION = "powersync";

  private static final String SETTINGS =
      "SELECT current_setting('wal_level'),"
          + " current_setting('max_replication_slots')::int,"
          + " current_setting('max_wal_senders')::int, pg_is_in_recovery()";

  // As JSON, so that columns a version does not have read as null.
  private static final String PUBLISHES =
      "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate,"
          + " coalesce((to_jsonb(p) ->> 'pubviaroot')::boolean, false)"
          + " FROM pg_publication p WHERE pubname = ?";

  private SourceChecks() {}

  /**
   * Runs all checks.
   *
   * @throws PowerSyncException {@code PSYNC_S1141} to {@code S1143} for the publication, {@code
   *     S1120} for server settings
   */
  public static Void run(Connection connection) throws SQLException {
    checkSettings(connection);
    checkPublication(connection);
    return null;
  }

  /** Number of the publication; a new one of the same name has another. 0 = there is none. */
  public static long publication(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT oid FROM pg_publication WHERE pubname = ?")) {
      statement.setString(1, PUBLICATION);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private static void checkSettings(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SETTINGS)) {
      row.next();
      String walLevel = row.getString(1);
      if (!"logical".equals(walLevel)) {
        throw setting("wal_level", walLevel, "ALTER SYSTEM SET wal_level = 'logical'");
      }
      if (row.getInt(2) < 1) {
        throw setting(
            "max_replication_slots", row.getInt(2), "ALTER SYSTEM SET max_replication_slots = 10");
      }
      if (row.getInt(3) < 1) {
        throw setting("max_wal_senders", row.getInt(3), "ALTER SYSTEM SET max_wal_senders = 10");
      }
      if (row.getBoolean(4)) {
        throw new PowerSyncException(
            ErrorCode.PSYNC_S1120,
            "The source is a standby; connect to the primary, which can create slots and emit"
                + " messages");
      }
    }
  }

  private static PowerSyncException setting(String name, Object value, String fix) {
    return new PowerSyncException(
            ErrorCode.PSYNC_S1120,
            "A setting of the source server does not allow logical replication")
        .with(name, value)
        .with("fix", fix + " (then restart the server)");
  }

  private static void checkPublication(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUBLISHES)) {
      statement.setString(1, PUBLICATION);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new PowerSyncException(
                  ErrorCode.PSYNC_S1141, "The publication does not exist on the source")
              .with("publication", PUBLICATION)
              .with("fix", "CREATE PUBLICATION powersync FOR ALL TABLES");
        }
        if (!row.getBoolean(1)) {
          throw new PowerSyncException(
                  ErrorCode.PSYNC_S1142, "The publication does not publish every kind of change")
              .with("publication", PUBLICATION)
              .with(
                  "fix",
                  "ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate')");
        }
        if (row.getBoolean(2)) {
          throw new PowerSyncException(
                  ErrorCode.PSYNC_S1143,
                  "The publication publishes changes of partitions as changes of their root")
              .with("publication", PUBLICATION)
              .with("fix", "ALTER PUBLICATION powersync SET (publish_via_partition_root = false)");
        }
      }
    }
  }
}
