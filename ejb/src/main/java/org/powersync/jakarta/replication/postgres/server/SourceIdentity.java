package org.powersync.jakarta.replication.postgres.server;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/**
 * Which server, and which history of it, a replication connection speaks to.
 *
 * @param system identifier of the cluster
 * @param timeline raised by every failover and recovery
 */
public record SourceIdentity(String system, int timeline) {

  /**
   * @param replication a replication connection
   */
  public static SourceIdentity read(Connection replication) throws SQLException {
    try (Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      return new SourceIdentity(row.getString("systemid"), row.getInt("timeline"));
    }
  }

  /**
   * Where this history left an earlier timeline; empty when the server does not know.
   *
   * @param replication a replication connection to this server
   */
  public Optional<PgLsn> leftAt(Connection replication, int earlier) throws SQLException {
    try (Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
      row.next();
      return leftAt(new String(row.getBytes("content"), StandardCharsets.US_ASCII), earlier);
    }
  }

  /** Lines of a history file: timeline, position, reason. */
  static Optional<PgLsn> leftAt(String history, int earlier) {
    return history
        .lines()
        .map(line -> line.trim().split("\\s+"))
        .filter(fields -> fields.length >= 2 && fields[0].equals(Integer.toString(earlier)))
        .map(fields -> PgLsn.parse(fields[1]))
        .findFirst();
  }
}
