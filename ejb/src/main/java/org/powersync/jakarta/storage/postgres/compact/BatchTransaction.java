package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.SQLException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;

/** Transactions one after another on the connection of a run, which is otherwise in autocommit. */
final class BatchTransaction {
  private static final int ATTEMPTS = 5;

  private BatchTransaction() {}

  /** Statements of one transaction. */
  @FunctionalInterface
  interface Body {
    /** Returns whether to keep what was done. */
    boolean run() throws SQLException;
  }

  /**
   * As {@link #run}, again while it loses a race against a writer or another compactor.
   *
   * @param body may run several times; only what its last run did is kept
   */
  static boolean repeat(Connection connection, Body body) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return run(connection, body);
      } catch (SQLException e) {
        if (!SqlFailures.lostRace(e) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Commits when the body says true, else rolls back; returns what it said. */
  static boolean run(Connection connection, Body body) throws SQLException {
    connection.setAutoCommit(false);
    try {
      boolean keep = body.run();
      if (keep) {
        connection.commit();
      } else {
        connection.rollback();
      }
      connection.setAutoCommit(true);
      return keep;
    } catch (SQLException | RuntimeException | Error failure) {
      rollBack(connection, failure);
      throw failure;
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
