package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.table.SourceMarks;

/**
 * Makes what is written visible at a source position, or remembers it while that is not allowed
 * (storage section 5.9).
 */
final class CheckpointCommit {
  private static final String LOCK =
      """
      SELECT state, snapshot_done, last_checkpoint, last_checkpoint_lsn, no_checkpoint_before,
             keepalive_op
        FROM powersync.sync_rules WHERE id = ? FOR UPDATE\
      """;
  private static final String CHECKPOINT =
      """
      UPDATE powersync.sync_rules
         SET last_checkpoint = ?, last_checkpoint_lsn = ?, last_checkpoint_ts = ?,
             last_keepalive_ts = ?, keepalive_op = NULL, last_fatal_error = NULL,
             snapshot_lsn = NULL
       WHERE id = ?\
      """;
  private static final String BLOCKED =
      """
      UPDATE powersync.sync_rules SET keepalive_op = ?, last_keepalive_ts = ? WHERE id = ?\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;
  private final Optional<SourceMarks> marks;
  private final Ownership ownership;

  /**
   * @param marks where the position is recorded in the same round trip
   */
  CheckpointCommit(
      SqlTransactions sql, GroupId stream, Optional<SourceMarks> marks, Ownership ownership) {
    this.sql = sql;
    this.marks = marks;
    this.stream = stream;
    this.ownership = ownership;
  }

  /**
   * What became of a commit.
   *
   * @param allowed the position may be visible
   * @param written the stream's row was updated
   * @param checkpoint its newest checkpoint now
   * @param state of the stream
   * @param barrier lowest position allowed
   */
  record Outcome(
      boolean allowed,
      boolean written,
      CheckpointNotice checkpoint,
      StreamState state,
      Optional<Lsn> barrier) {}

  /**
   * Commits at a position.
   *
   * @param persistedOp the last operation written since the last checkpoint
   */
  Outcome commit(Lsn position, boolean createEmpty, OptionalLong persistedOp) {
    return sql.call(
        "making a checkpoint",
        connection -> {
          Row row = lock(connection);
          Outcome outcome =
              row.allows(position)
                  ? checkpoint(connection, row, position, createEmpty, persistedOp)
                  : remember(connection, row, position, createEmpty, persistedOp);
          ownership.check();
          return outcome;
        });
  }

  private Outcome checkpoint(
      Connection connection, Row row, Lsn position, boolean createEmpty, OptionalLong persistedOp)
      throws SQLException {
    long checkpoint =
        Math.max(
            Math.max(row.checkpoint().orElse(0), persistedOp.orElse(0)),
            row.keepaliveOp().orElse(0));
    boolean write =
        createEmpty
            || row.keepaliveOp().isPresent()
            || !row.checkpoint().equals(OptionalLong.of(checkpoint));
    CheckpointNotice notice =
        new CheckpointNotice(
            stream, OptionalLong.of(checkpoint), write ? Optional.of(position) : row.position());
    if (write) {
      OffsetDateTime now = StreamRecord.now();
      try (PreparedStatement update = prepare(connection, CHECKPOINT)) {
        update.setLong(1, checkpoint);
        update.setString(2, position.value());
        update.setObject(3, now);
        update.setObject(4, now);
        update.setInt(5, stream.value());
        bindMark(update, 6, position);
        update.executeUpdate();
      }
    }
    if (row.state() == StreamState.ACTIVE) {
      // Also when nothing was written, as the reference does; receivers see that it is the same.
      notice.send(connection);
    }
    return new Outcome(true, write, notice, row.state(), row.barrier());
  }

  private Outcome remember(
      Connection connection, Row row, Lsn position, boolean createEmpty, OptionalLong persistedOp)
      throws SQLException {
    long keepaliveOp = Math.max(row.keepaliveOp().orElse(0), persistedOp.orElse(0));
    boolean write = createEmpty || !row.keepaliveOp().equals(OptionalLong.of(keepaliveOp));
    if (write) {
      try (PreparedStatement update = prepare(connection, BLOCKED)) {
        update.setLong(1, keepaliveOp);
        update.setObject(2, StreamRecord.now(), Types.TIMESTAMP_WITH_TIMEZONE);
        update.setInt(3, stream.value());
        bindMark(update, 4, position);
        update.executeUpdate();
      }
    }
    return new Outcome(
        false,
        write,
        new CheckpointNotice(stream, row.checkpoint(), row.position()),
        row.state(),
        row.barrier());
  }

  /** An update of the stream's row, and the mark of its source behind it. */
  private PreparedStatement prepare(Connection connection, String update) throws SQLException {
    return connection.prepareStatement(marked() ? update + ";\n" + SourceMarks.RECORD : update);
  }

  private boolean marked() {
    return marks.isPresent() && marks.get().available();
  }

  private void bindMark(PreparedStatement update, int first, Lsn position) throws SQLException {
    if (marked()) {
      update.setString(first, marks.get().stream());
      update.setString(first + 1, position.value());
    }
  }

  private Row lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setInt(1, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw StreamRecord.missing(stream);
        }
        return new Row(
            StreamState.valueOf(row.getString("state")),
            row.getBoolean("snapshot_done"),
            number(row, "last_checkpoint"),
            StreamRecord.lsn(row, "last_checkpoint_lsn"),
            StreamRecord.lsn(row, "no_checkpoint_before"),
            number(row, "keepalive_op"));
      }
    }
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private record Row(
      StreamState state,
      boolean snapshotDone,
      OptionalLong checkpoint,
      Optional<Lsn> position,
      Optional<Lsn> barrier,
      OptionalLong keepaliveOp) {
    boolean allows(Lsn wanted) {
      return snapshotDone && reached(position, wanted) && reached(barrier, wanted);
    }

    private static boolean reached(Optional<Lsn> bound, Lsn wanted) {
      return bound.isEmpty() || bound.get().compareTo(wanted) <= 0;
    }
  }
}
