package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Runs short statements on a few connections that are kept while they are in use and given up when
 * idle; a failed statement is tried once more on a fresh connection (replication sections 1.4,
 * 1.5). Safe for all threads, which wait for each other when all connections are taken.
 */
public final class ShortQueries implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ShortQueries.class.getName());
  private static final long IDLE_NANOS = 30_000_000_000L;

  private static final String HEARTBEAT =
      "SELECT pg_logical_emit_message(false, 'powersync', 'ping')";

  private final SourceConnections connections;
  private final Semaphore permits;
  private final Deque<Kept> idle = new ArrayDeque<>();
  private boolean closed;

  private record Kept(Connection connection, long usedAt) {}

  /** On one connection. */
  public ShortQueries(SourceConnections connections) {
    this(connections, 1);
  }

  /**
   * @param size connections at most
   */
  public ShortQueries(SourceConnections connections, int size) {
    this.connections = connections;
    this.permits = new Semaphore(size, true);
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
  public <T> T run(String doing, Query<T> query) {
    acquire(doing);
    try {
      return onKept(query);
    } catch (SQLException first) {
      LOG.log(Level.FINE, first, () -> "Trying again: " + doing);
      try {
        return onFresh(query);
      } catch (SQLException second) {
        throw SourceQueryFailure.of(second, doing);
      }
    } finally {
      permits.release();
    }
  }

  /** As {@link #run}, without a second try. */
  public <T> T runOnce(String doing, Query<T> query) {
    acquire(doing);
    try {
      return onKept(query);
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, doing);
    } finally {
      permits.release();
    }
  }

  private void acquire(String doing) {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1103, "Replication was stopped while waiting for a connection", e)
          .with("doing", doing);
    }
  }

  private <T> T onKept(Query<T> query) throws SQLException {
    Connection connection = take();
    return connection == null ? onFresh(query) : on(connection, query);
  }

  private <T> T onFresh(Query<T> query) throws SQLException {
    return on(connections.query(), query);
  }

  private <T> T on(Connection connection, Query<T> query) throws SQLException {
    boolean usable = false;
    try {
      T result = query.run(connection);
      usable = true;
      return result;
    } finally {
      if (!usable || !giveBack(connection)) {
        close(connection);
      }
    }
  }

  /** The connection used last, unless it has been idle for long; others that have are closed. */
  private synchronized Connection take() {
    long now = System.nanoTime();
    while (!idle.isEmpty() && now - idle.peekLast().usedAt() > IDLE_NANOS) {
      close(idle.pollLast().connection());
    }
    Kept kept = idle.pollFirst();
    return kept == null ? null : kept.connection();
  }

  private synchronized boolean giveBack(Connection connection) {
    if (!closed) {
      idle.addFirst(new Kept(connection, System.nanoTime()));
    }
    return !closed;
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

  /** Closes what is idle now, and what is in use once it is given back. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!idle.isEmpty()) {
      close(idle.pollLast().connection());
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(Level.FINE, "Cannot close a connection to the source", e);
    }
  }
}
