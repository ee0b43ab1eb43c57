package org.powersync.jakarta.storage.postgres.sql;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.StorageFailure;

/** The one place that reads SQLSTATEs: what a failed statement means and what may be done. */
public final class SqlFailures {
  public static final String INSUFFICIENT_PRIVILEGE = "42501";
  public static final String READ_ONLY_TRANSACTION = "25006";

  /** Serialization failure and deadlock: the transaction lost a race. */
  private static final Set<String> LOST_RACE = Set.of("40001", "40P01");

  /** Missing rights, database or schema; a password that is wrong. */
  private static final Set<String> MISTAKE_CLASSES = Set.of("28", "3D", "3F");

  /** Data exceptions and violated constraints, whose messages may quote a row. */
  private static final Set<String> QUOTING_CLASSES = Set.of("22", "23");

  private SqlFailures() {}

  /** True when a transaction may simply be run again (storage section 5.6). */
  public static boolean lostRace(SQLException failure) {
    return failure.getSQLState() != null && LOST_RACE.contains(failure.getSQLState());
  }

  /** What may be done about a failure; without SQLSTATE it came from a pool, so trying again. */
  public static FailureClass classOf(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      return FailureClass.RETRY;
    }
    if (state.equals(INSUFFICIENT_PRIVILEGE) || MISTAKE_CLASSES.contains(state.substring(0, 2))) {
      return FailureClass.MISTAKE;
    }
    return switch (state.substring(0, 2)) {
      // Connection lost, transaction broken off or read-only, lost race, out of resources, lock
      // not available, operator intervention, I/O.
      case "08", "25", "40", "53", "55", "57", "58" -> FailureClass.RETRY;
      // Feature missing, data out of range, limits such as an index entry too long, corruption.
      case "0A", "22", "54", "XX" -> FailureClass.PERMANENT;
      default -> FailureClass.BUG;
    };
  }

  /**
   * The failure as the product reports it, with the server's primary message unless that may quote
   * row data.
   *
   * @param doing what was tried, a constant
   */
  public static PowerSyncException of(String doing, SQLException failure) {
    PowerSyncException reported =
        new StorageFailure(classOf(failure), "Storage database failed: " + doing, failure)
            .with("sqlState", failure.getSQLState());
    String state = failure.getSQLState();
    return state != null && state.length() == 5 && QUOTING_CLASSES.contains(state.substring(0, 2))
        ? reported
        : reported.with("message", primaryMessage(failure));
  }

  /** The database failure behind an exception, if there is one. */
  public static Optional<SQLException> behind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  /** The server's one-line message without detail, hint and position. */
  public static String primaryMessage(SQLException failure) {
    if (failure instanceof PSQLException postgres && postgres.getServerErrorMessage() != null) {
      return postgres.getServerErrorMessage().getMessage();
    }
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
