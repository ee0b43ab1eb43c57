package org.powersync.jakarta.storage.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Runs statements in transactions of their own, outside the container's. Database failures come out
 * as {@link SqlFailures} maps them. Safe for all threads.
 */
public final class SqlTransactions {
  private static final String WITHOUT_WAITING = "; SET LOCAL synchronous_commit TO off";

  private final DataSource dataSource;

  /**
   * @param dataSource takes no part in global transactions
   */
  public SqlTransactions(DataSource dataSource) {
    this.dataSource = Objects.requireNonNull(dataSource);
  }

  /** Runs the work in one READ COMMITTED transaction. */
  public <T> T call(String doing, SqlWork<T> work) {
    return call(doing, Connection.TRANSACTION_READ_COMMITTED, work);
  }

  /**
   * As {@link #call(String, SqlWork)}, but does not wait until the disk has it: a server that
   * crashes forgets it, unless a later transaction has waited.
   */
  public <T> T callWithoutWaiting(String doing, SqlWork<T> work) {
    try {
      return attemptWithoutWaiting(Connection.TRANSACTION_READ_COMMITTED, work);
    } catch (SQLException e) {
      throw SqlFailures.of(doing, e);
    }
  }

  /** As {@link #callWithoutWaiting}, for callers that judge failures themselves. */
  public <T> T attemptWithoutWaiting(int isolation, SqlWork<T> work) throws SQLException {
    return attempt(begin(isolation) + WITHOUT_WAITING, work);
  }

  /** As {@link #call(String, int, SqlWork)}, for callers that judge failures themselves. */
  public <T> T attempt(int isolation, SqlWork<T> work) throws SQLException {
    return attempt(begin(isolation), work);
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws.
   *
   * @param doing what is tried, a constant for error messages
   * @param isolation a constant of {@link Connection}
   */
  public <T> T call(String doing, int isolation, SqlWork<T> work) {
    try {
      return attempt(begin(isolation), work);
    } catch (SQLException e) {
      throw SqlFailures.of(doing, e);
    }
  }

  private <T> T attempt(String settings, SqlWork<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement begin = connection.createStatement()) {
        // For this transaction only and one round trip, with BEGIN in front of it.
        begin.execute(settings);
        T result = work.run(connection);
        connection.commit();
        connection.setAutoCommit(true);
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static String begin(int isolation) {
    return "SET TRANSACTION ISOLATION LEVEL " + level(isolation);
  }

  private static String level(int isolation) {
    return switch (isolation) {
      case Connection.TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
      case Connection.TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
      case Connection.TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
      default -> throw new IllegalArgumentException("no isolation level " + isolation);
    };
  }

  /** Runs the work with every statement committed by itself. */
  public <T> T autocommit(String doing, SqlWork<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw SqlFailures.of(doing, e);
    }
  }

  /** A pooled connection goes back as it came; a broken one is the pool's to discard. */
  private static void rollBack(Connection connection, Throwable cause) {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
