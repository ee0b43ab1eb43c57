package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs short statements on one connection that is kept while it is in use and given up when idle; a
 * failed statement is tried once more on a fresh connection (replication sections 1.4, 1.5). Safe
 * for all threads, one statement at a time.
 */
public final class ShortQueries implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ShortQueries.class.getName());
  private static final long IDLE_NANOS = 30_000_000_000L;

  private static final String HEARTBEAT =
      "SELECT pg_logical_emit_message(false, 'powersync', 'ping')";

  private final SourceConnections connections;
  private Connection kept;
  private long usedAt;

  public ShortQueries(SourceConnections connections) {
    this.connections = connections;
  }

  /** Work on a connection in autocommit mode. */
  @FunctionalInterface
  public interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Runs a query.
   *
   * @param doing what it is for, in failures
   */
  public synchronized <T> T run(String doing, Query<T> query) {
    try {
      return onKept(query);
    } catch (SQLException first) {
      LOG.log(Level.FINE, first, () -> "Trying again: " + doing);
      try {
        return onKept(query);
      } catch (SQLException second) {
        throw SourceQueryFailure.of(second, doing);
      }
    }
  }

  /** As {@link #run}, without a second try. */
  public synchronized <T> T runOnce(String doing, Query<T> query) {
    try {
      return onKept(query);
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, doing);
    }
  }

  private <T> T onKept(Query<T> query) throws SQLException {
    if (kept != null && System.nanoTime() - usedAt > IDLE_NANOS) {
      close();
    }
    if (kept == null) {
      kept = connections.query();
    }
    try {
      T result = query.run(kept);
      usedAt = System.nanoTime();
      return result;
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Emits the message that moves every stream of this database past the present position. */
  public void heartbeat() {
    run(
        "heartbeat",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(HEARTBEAT);
          }
        });
  }

  @Override
  public synchronized void close() {
    Connection connection = kept;
    kept = null;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.log(Level.FINE, "Cannot close a connection to the source", e);
      }
    }
  }
}
