package org.powersync.jakarta.replication.postgres.stream;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;

/**
 * Tells a quiet source from a dead connection. A server that decodes a large transaction can be
 * silent for long, so silence alone proves nothing: the server is asked, over another connection,
 * whether it still serves this stream and still hears us. Applying thread only.
 */
final class SilenceWatch {
  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

  /** Nothing at all for this long ends the attempt in any case (6.4). */
  private static final Duration LONGEST = Duration.ofSeconds(360);

  // An idle walsender that has not heard our status, sent every 10 s, is cut off from us.
  private static final String STILL_SERVED =
      """
      SELECT s.active_pid = ?
             AND NOT coalesce(
               lower(a.wait_event) IN ('walsendermain', 'walsenderwaitforwal')
               AND (to_jsonb(r) ->> 'reply_time')::timestamptz < now() - interval '25 seconds',
               false)
      FROM pg_replication_slots s
      LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
      LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = ?
      """;

  private final PostgresAttempt attempt;
  private final int backendPid;
  private long checkedAt = System.nanoTime();

  /**
   * @param backendPid the server process of the replication connection
   */
  SilenceWatch(PostgresAttempt attempt, int backendPid) {
    this.attempt = attempt;
    this.backendPid = backendPid;
  }

  /** Throws {@code PSYNC_S1121} when the stream's connection is dead. */
  void check(long silentNanos) {
    long now = System.nanoTime();
    if (silentNanos < QUIET.toNanos() || now - checkedAt < BETWEEN_CHECKS.toNanos()) {
      return;
    }
    checkedAt = now;
    boolean served =
        attempt.queries().runOnce("looking at the replication connection", this::served);
    if (!served || silentNanos > LONGEST.toNanos()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1121, "The replication connection is dead; connecting again")
          .with("silent seconds", Duration.ofNanos(silentNanos).toSeconds());
    }
  }

  private boolean served(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STILL_SERVED)) {
      statement.setInt(1, backendPid);
      statement.setString(2, attempt.slot());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
