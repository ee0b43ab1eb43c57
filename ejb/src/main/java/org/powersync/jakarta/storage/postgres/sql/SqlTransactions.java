package org.powersync.jakarta.storage.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Runs statements in transactions of their own, outside the container's. Database failures come out
 * as {@link SqlFailures} maps them. Safe for all threads.
 */
public final class SqlTransactions {
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
   * Runs the work in one transaction: committed when it returns, rolled back when it throws.
   *
   * @param doing what is tried, a constant for error messages
   * @param isolation a constant of {@link Connection}
   */
  public <T> T call(String doing, int isolation, SqlWork<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      int usualIsolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        restore(connection, usualIsolation);
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, usualIsolation, e);
        throw e;
      }
    } catch (SQLException e) {
      throw SqlFailures.of(doing, e);
    }
  }

  /** Runs the work with every statement committed by itself. */
  public <T> T autocommit(String doing, SqlWork<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw SqlFailures.of(doing, e);
    }
  }

  private static void rollBack(Connection connection, int usualIsolation, Throwable cause) {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        restore(connection, usualIsolation);
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** A pooled connection goes back as it came; a broken one is the pool's to discard. */
  private static void restore(Connection connection, int isolation) throws SQLException {
    connection.setAutoCommit(true);
    connection.setTransactionIsolation(isolation);
  }
}
