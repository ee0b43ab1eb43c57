package org.powersync.jakarta.storage.postgres.lock;

import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Takes, renews and gives back named locks. Safe for all threads. */
public final class LockTable {
  /** How long a lock stands without renewal. */
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  private static final String ACQUIRE =
      """
      INSERT INTO powersync.locks AS held (name, lock_id, ts)
      VALUES (?, ?, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (name) DO UPDATE SET lock_id = excluded.lock_id, ts = excluded.ts
      WHERE held.ts <= excluded.ts - make_interval(secs => ?)\
      """;

  private static final String REFRESH =
      """
      UPDATE powersync.locks SET ts = date_trunc('milliseconds', clock_timestamp())
      WHERE lock_id = ?\
      """;

  private static final String RELEASE = "DELETE FROM powersync.locks WHERE lock_id = ?";

  private static final double MILLIS_PER_SECOND = 1000.0;

  private final SqlTransactions sql;

  public LockTable(SqlTransactions sql) {
    this.sql = sql;
  }

  /** Takes the lock without waiting. Returns its id, or empty when another holder's is alive. */
  public Optional<UUID> acquire(String name) {
    UUID id = UUID.randomUUID();
    return acquire(name, id, LIFETIME) ? Optional.of(id) : Optional.empty();
  }

  /**
   * Takes the lock under this id without waiting; false when another holder's is alive. After a
   * failure it may have been taken or not.
   */
  boolean acquire(String name, UUID id, Duration lifetime) {
    return sql.autocommit(
        "take a lock",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
            statement.setString(1, name);
            statement.setObject(2, id);
            statement.setDouble(3, lifetime.toMillis() / MILLIS_PER_SECOND);
            return statement.executeUpdate() == 1;
          }
        });
  }

  /** Renews the lock; false when it is no longer ours. */
  public boolean refresh(UUID id) {
    return update("renew a lock", REFRESH, id);
  }

  /** Gives the lock back; false when it was no longer ours. */
  public boolean release(UUID id) {
    return update("release a lock", RELEASE, id);
  }

  private boolean update(String doing, String statementText, UUID id) {
    return sql.autocommit(
        doing,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(statementText)) {
            statement.setObject(1, id);
            return statement.executeUpdate() > 0;
          }
        });
  }
}
