package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** The stream's own row, as far as a writer reads and signs it outside of checkpoints. */
final class StreamRecord {
  // A barrier that no checkpoint has reached: a writer that ended may have stored operations which
  // it could not remember, and which will not be stored again when their changes come again.
  private static final String READ =
      """
      SELECT s.last_checkpoint_lsn, s.snapshot_lsn,
             greatest(s.keepalive_op,
               CASE WHEN s.no_checkpoint_before > coalesce(s.last_checkpoint_lsn, '') COLLATE "C"
                     AND o.is_called THEN o.last_value END) AS pending_op
        FROM powersync.sync_rules AS s, powersync.op_id_sequence AS o WHERE s.id = ?\
      """;
  private static final String SIGN_OF_LIFE =
      """
      UPDATE powersync.sync_rules
         SET last_keepalive_ts = ?,
             last_fatal_error = CASE WHEN ? THEN NULL ELSE last_fatal_error END
       WHERE id = ?\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;

  StreamRecord(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  /**
   * Where a writer begins.
   *
   * @param resumeLsn greater of resume position and last checkpoint
   * @param persistedOp an operation already written but perhaps not yet exposed
   */
  record Start(Optional<Lsn> resumeLsn, OptionalLong persistedOp) {}

  Start start() {
    return sql.autocommit(
        "reading the replication stream",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, stream.value());
            try (ResultSet row = statement.executeQuery()) {
              if (!row.next()) {
                throw missing(stream);
              }
              return start(row);
            }
          }
        });
  }

  private static Start start(ResultSet row) throws SQLException {
    long pendingOp = row.getLong("pending_op");
    return new Start(
        Lsn.greatest(lsn(row, "snapshot_lsn"), lsn(row, "last_checkpoint_lsn")),
        pendingOp == 0 ? OptionalLong.empty() : OptionalLong.of(pendingOp));
  }

  /**
   * Notes that the writer lives; optionally that the last failure is over.
   *
   * @param durably whether to wait until the disk has this and everything before
   */
  void signOfLife(boolean failureIsOver, boolean durably) {
    String doing = "noting a sign of life";
    if (durably) {
      sql.autocommit(doing, connection -> signOfLife(connection, failureIsOver));
    } else {
      sql.callWithoutWaiting(doing, connection -> signOfLife(connection, failureIsOver));
    }
  }

  private int signOfLife(Connection connection, boolean failureIsOver) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SIGN_OF_LIFE)) {
      statement.setObject(1, now());
      statement.setBoolean(2, failureIsOver);
      statement.setInt(3, stream.value());
      return statement.executeUpdate();
    }
  }

  /** The row is gone: somebody removed the stream. */
  static PowerSyncException missing(GroupId stream) {
    return new PowerSyncException(ErrorCode.PSYNC_S1101, "The replication stream has no record")
        .with("stream", stream);
  }

  /** The client's clock, as precise as it is stored. */
  static OffsetDateTime now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }

  static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(Lsn::new);
  }
}
