package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.sql.SqlWork;

/**
 * A REPEATABLE READ transaction that is run again when it loses a race (storage section 5.6). The
 * body must leave nothing behind but what it returns. Safe for all threads.
 *
 * <p>Without a checkpoint in it, it does not wait for the disk: a checkpoint or the end of a copy
 * follows, and that commit waits for everything before it. A server that crashes in between loses
 * the end of the log, never its middle.
 */
final class ReplicationTransaction {
  private static final Logger LOG = Logger.getLogger(ReplicationTransaction.class.getName());
  private static final long PATIENCE = Duration.ofSeconds(60).toNanos();
  private static final long MIN_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 300;
  private static final String UNIQUE_VIOLATION = "23505";

  /** Keys that a COPY of rows which were not there can run into. */
  private static final Set<String> CURRENT_DATA_KEYS =
      Set.of("unique_current_data_id", "unique_v3_current_data_id");

  private final SqlTransactions sql;

  ReplicationTransaction(SqlTransactions sql) {
    this.sql = sql;
  }

  /**
   * Runs the body and commits; every other failure than a lost race is passed on at once.
   *
   * @param doing what is tried, a constant for error messages
   */
  <T> T run(String doing, SqlWork<T> body) {
    return repeat(
        doing, () -> sql.attemptWithoutWaiting(Connection.TRANSACTION_REPEATABLE_READ, body));
  }

  /** As {@link #run}, but waits for the disk: for a transaction that makes a checkpoint. */
  <T> T runDurably(String doing, SqlWork<T> body) {
    return repeat(doing, () -> sql.attempt(Connection.TRANSACTION_REPEATABLE_READ, body));
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws SQLException;
  }

  private static <T> T repeat(String doing, Attempt<T> attempt) {
    long begun = System.nanoTime();
    // Whoever was in the way has gone on by the time the race is lost.
    boolean atOnce = true;
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException failure) {
        if (!lostRace(failure) || System.nanoTime() - begun >= PATIENCE) {
          throw SqlFailures.of(doing, failure);
        }
        LOG.log(Level.FINE, "Transaction runs again after SQLSTATE {0}", failure.getSQLState());
        if (!atOnce) {
          pause();
        }
        atOnce = false;
      }
    }
  }

  private static boolean lostRace(SQLException failure) {
    return SqlFailures.lostRace(failure)
        || UNIQUE_VIOLATION.equals(failure.getSQLState()) && onCurrentData(failure);
  }

  private static boolean onCurrentData(SQLException failure) {
    ServerErrorMessage message =
        failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    return message != null
        && message.getConstraint() != null
        && CURRENT_DATA_KEYS.contains(message.getConstraint());
  }

  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PowerSyncException(
          ErrorCode.PSYNC_S1103, "Replication was aborted while a transaction was repeated", e);
    }
  }
}
