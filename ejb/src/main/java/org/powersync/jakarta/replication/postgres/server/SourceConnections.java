package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.powersync.jakarta.connection.ConnectionOptions;
import org.powersync.jakarta.connection.ConnectionSettings;
import org.powersync.jakarta.connection.IncomingData;
import org.powersync.jakarta.connection.PostgresConnections;

/**
 * Opens connections to the source, outside any pool, with the session settings that decoded text
 * depends on (replication sections 4.6, 6). The caller closes what it opened. Safe for all threads.
 */
public final class SourceConnections {
  /** Silence after which a table copy is given up, unless configured otherwise. */
  public static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);

  private final PostgresConnections connections;
  private final String applicationName;
  private final Duration snapshotTimeout;

  public SourceConnections(
      PostgresConnections connections, String applicationName, Duration snapshotTimeout) {
    this.connections = connections;
    this.applicationName = applicationName;
    this.snapshotTimeout = snapshotTimeout;
  }

  /** Where the source is; its text holds no credentials. */
  public ConnectionSettings settings() {
    return connections.settings();
  }

  /** The database's name, for logs and the id of the source. */
  public String database() {
    return connections.settings().database();
  }

  /** For short statements: autocommit, and no long silence of the server. */
  public Connection query() throws SQLException {
    return connections.open(
        ConnectionOptions.named(applicationName).forSource().withSocketTimeout(QUERY_TIMEOUT));
  }

  /** For copying tables: one transaction, no statement timeout, values always as text. */
  public Connection snapshot() throws SQLException {
    Connection connection =
        connections.open(
            ConnectionOptions.named(applicationName)
                .forSource()
                .withSocketTimeout(snapshotTimeout));
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = 0");
      statement.execute("SET standard_conforming_strings = on");
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /**
   * Speaks the replication protocol, and simple queries. Without a limit on silence: creating a
   * slot waits for transactions, and the stream has its own watch.
   */
  public Connection replication() throws SQLException {
    return replication(new IncomingData());
  }

  /**
   * As {@link #replication()}.
   *
   * @param incoming lets the reading thread wait for the server
   */
  public Connection replication(IncomingData incoming) throws SQLException {
    return connections.open(
        ConnectionOptions.named(applicationName).forReplication().withSocketTimeout(Duration.ZERO),
        incoming);
  }
}
