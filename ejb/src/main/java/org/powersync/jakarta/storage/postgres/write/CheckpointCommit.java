package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.format.CheckpointNotice;
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
  private final CrashWatch crashes;

  /**
   * @param marks where the position is recorded in the same round trip
   */
  CheckpointCommit(
      SqlTransactions sql,
      GroupId stream,
      Optional<SourceMarks> marks,
      Ownership ownership,
      CrashWatch crashes) {
    this.sql = sql;
    this.marks = marks;
    this.stream = stream;
    this.ownership = ownership;
    this.crashes = crashes;
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
   * A commit to make.
   *
   * @param createEmpty also when nothing was written
   * @param ifComplete not while rows are unavailable
   */
  record Request(Lsn position, boolean createEmpty, boolean ifComplete) {
    /** Whether it is made after changes that left these rows. */
    boolean allows(List<RowChange.Update> unavailable) {
      return !ifComplete || unavailable.isEmpty();
    }
  }

  /**
   * Commits, in a transaction of its own.
   *
   * @param persistedOp the last operation written since the last checkpoint
   */
  Outcome commit(Request request, OptionalLong persistedOp) {
    return sql.call(
        "making a checkpoint",
        connection -> commit(connection, lock(connection), request, persistedOp));
  }

  /**
   * Commits, in a transaction that {@linkplain #lock locked} the stream's row and waits for the
   * disk.
   */
  Outcome commit(Connection connection, Row row, Request request, OptionalLong persistedOp)
      throws SQLException {
    Outcome outcome =
        row.allows(request.position())
            ? checkpoint(connection, row, request, persistedOp)
            : remember(connection, row, request, persistedOp);
    ownership.check();
    return outcome;
  }

  private Outcome checkpoint(
      Connection connection, Row row, Request request, OptionalLong persistedOp)
      throws SQLException {
    Lsn position = request.position();
    long checkpoint =
        Math.max(
            Math.max(row.checkpoint().orElse(0), persistedOp.orElse(0)),
            row.keepaliveOp().orElse(0));
    boolean write =
        request.createEmpty()
            || row.keepaliveOp().isPresent()
            || !row.checkpoint().equals(OptionalLong.of(checkpoint));
    CheckpointNotice notice =
        new CheckpointNotice(
            stream, OptionalLong.of(checkpoint), write ? Optional.of(position) : row.position());
    // Also when nothing was written, as the reference does; receivers see that it is the same.
    boolean notify = row.state() == StreamState.ACTIVE;
    if (write || notify) {
      store(
          connection, write, checkpoint, position, notify ? Optional.of(notice) : Optional.empty());
    }
    return new Outcome(true, write, notice, row.state(), row.barrier());
  }

  /** Everything in one round trip. */
  private void store(
      Connection connection,
      boolean write,
      long checkpoint,
      Lsn position,
      Optional<CheckpointNotice> notice)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    if (write) {
      statements.add(withMark(CHECKPOINT));
    }
    if (notice.isPresent()) {
      statements.add(CheckpointNotice.SEND);
    }
    try (PreparedStatement store = connection.prepareStatement(String.join(";\n", statements))) {
      int next = 1;
      if (write) {
        OffsetDateTime now = StreamRecord.now();
        store.setLong(next++, checkpoint);
        store.setString(next++, position.value());
        store.setObject(next++, now);
        store.setObject(next++, now);
        store.setInt(next++, stream.value());
        next = bindMark(store, next, position);
      }
      if (notice.isPresent()) {
        store.setString(next, notice.get().payload());
      }
      store.execute();
    }
  }

  private Outcome remember(
      Connection connection, Row row, Request request, OptionalLong persistedOp)
      throws SQLException {
    long keepaliveOp = Math.max(row.keepaliveOp().orElse(0), persistedOp.orElse(0));
    boolean write =
        request.createEmpty() || !row.keepaliveOp().equals(OptionalLong.of(keepaliveOp));
    if (write) {
      try (PreparedStatement update = connection.prepareStatement(withMark(BLOCKED))) {
        update.setLong(1, keepaliveOp);
        update.setObject(2, StreamRecord.now(), Types.TIMESTAMP_WITH_TIMEZONE);
        update.setInt(3, stream.value());
        bindMark(update, 4, request.position());
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
  private String withMark(String update) {
    return marked() ? update + ";\n" + SourceMarks.RECORD : update;
  }

  private boolean marked() {
    return marks.isPresent() && marks.get().available();
  }

  /** Returns the index behind the parameters that it bound. */
  private int bindMark(PreparedStatement update, int first, Lsn position) throws SQLException {
    if (!marked()) {
      return first;
    }
    update.setString(first, marks.get().stream());
    update.setString(first + 1, position.value());
    return first + 2;
  }

  /** Locks the row of the stream until the transaction ends. */
  Row lock(Connection connection) throws SQLException {
    crashes.checkStored(connection);
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

  /** The row of a stream. */
  record Row(
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
