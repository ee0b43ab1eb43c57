package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;

/**
 * What an attempt needs to know about the source server.
 *
 * @param version as {@code server_version_num}, such as 150004
 * @param identifier of the server, where the role may read it
 */
public record SourceServer(int version, String database, Optional<String> identifier) {
  private static final int MESSAGES_SINCE = 140000;

  public static SourceServer read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int, current_database(),"
                    + " has_function_privilege('pg_control_system()', 'EXECUTE')")) {
      row.next();
      int version = row.getInt(1);
      String database = row.getString(2);
      boolean mayIdentify = row.getBoolean(3);
      return new SourceServer(
          version, database, mayIdentify ? Optional.of(identify(connection)) : Optional.empty());
    }
  }

  private static String identify(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT system_identifier::text FROM pg_control_system()")) {
      row.next();
      return row.getString(1);
    }
  }

  /** The position behind everything that any visible row can depend on (2.5). */
  public static PgLsn position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
      row.next();
      return PgLsn.parse(row.getString(1));
    }
  }

  /** Whether logical messages show in the replication stream. */
  public boolean showsMessages() {
    return version >= MESSAGES_SINCE;
  }

  /** Whether storage is on this server; unknown identifiers count as equal (5.6). */
  public boolean sameServer(SystemIdentifier storage) {
    return identifier.map(storage.server()::equals).orElse(true);
  }

  /** Whether writing to storage shows up in the replication stream of this database. */
  public boolean sameDatabase(SystemIdentifier storage) {
    return sameServer(storage) && database.equals(storage.database());
  }
}
