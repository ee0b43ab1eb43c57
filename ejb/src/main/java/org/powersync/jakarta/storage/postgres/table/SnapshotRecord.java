package org.powersync.jakarta.storage.postgres.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Writes how far the first copies of a stream are (storage section 5.10). A barrier is the lowest
 * position of the next checkpoint: it is raised, never lowered, and compares in byte order. Safe
 * for all threads.
 */
public final class SnapshotRecord {
  private static final String UNFINISHED =
      """
      SELECT schema_name || '.' || table_name FROM powersync.source_tables
      WHERE group_id = ? AND NOT snapshot_done ORDER BY 1\
      """;

  private static final String STREAM_DONE =
      """
      UPDATE powersync.sync_rules
      SET snapshot_done = true,
        last_keepalive_ts = date_trunc('milliseconds', clock_timestamp()),
        no_checkpoint_before = CASE WHEN no_checkpoint_before COLLATE "C" >= ?
          THEN no_checkpoint_before ELSE ? END
      WHERE id = ?\
      """;

  private static final String RAISE_BARRIER =
      """
      UPDATE powersync.sync_rules
      SET last_keepalive_ts = date_trunc('milliseconds', clock_timestamp()),
        no_checkpoint_before = CASE WHEN no_checkpoint_before COLLATE "C" >= ?
          THEN no_checkpoint_before ELSE ? END
      WHERE id = ?\
      """;

  private static final String TABLES_DONE =
      """
      UPDATE powersync.source_tables
      SET snapshot_done = true, snapshot_total_estimated_count = NULL,
        snapshot_replicated_count = NULL, snapshot_last_key = NULL
      WHERE group_id = ? AND id = ANY (?)\
      """;

  private static final String PROGRESS =
      """
      UPDATE powersync.source_tables
      SET snapshot_total_estimated_count = ?, snapshot_replicated_count = ?, snapshot_last_key = ?
      WHERE group_id = ? AND id = ?\
      """;

  private static final String NOT_DONE =
      "UPDATE powersync.sync_rules SET snapshot_done = false WHERE id = ?";

  private static final String RESUME =
      "UPDATE powersync.sync_rules SET snapshot_lsn = ? WHERE id = ?";

  private static final String FORGET =
      "DELETE FROM powersync.source_tables WHERE group_id = ? AND id = ANY (?)";

  private final SqlTransactions sql;
  private final GroupId stream;

  public SnapshotRecord(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  /**
   * Stores the progress of one table; returns the table as it is now. Does not wait for the disk: a
   * crash can only take it together with what was written after it.
   */
  public SourceTable updateProgress(SourceTable table, SnapshotProgress progress) {
    sql.callWithoutWaiting(
        "store the progress of a copy",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(PROGRESS)) {
            statement.setInt(1, column(progress.estimatedRows()));
            statement.setInt(2, column(progress.copiedRows()));
            if (progress.lastKey().isPresent()) {
              statement.setBytes(3, progress.lastKey().get());
            } else {
              statement.setNull(3, Types.BINARY);
            }
            statement.setInt(4, stream.value());
            statement.setString(5, table.id());
            return statement.executeUpdate();
          }
        });
    return with(table, table.snapshotComplete(), progress);
  }

  /** Looks in a transaction whether it may commit. */
  @FunctionalInterface
  public interface Check {
    void run(Connection connection) throws SQLException;
  }

  /**
   * Marks tables as copied, with a barrier if given; returns them as they are now.
   *
   * @param check whether their rows are there
   */
  public List<SourceTable> markTablesDone(
      List<SourceTable> tables, Optional<Lsn> barrier, Check check) {
    sql.call(
        "mark tables as copied",
        connection -> {
          check.run(connection);
          updateTables(connection, TABLES_DONE, tables);
          if (barrier.isPresent()) {
            raise(connection, RAISE_BARRIER, barrier.get());
          }
          return null;
        });
    return tables.stream().map(table -> with(table, true, SnapshotProgress.NONE)).toList();
  }

  /**
   * Raises the barrier. Does not wait for the disk: a crash can only take it together with what was
   * written after it.
   */
  public void raiseBarrier(Lsn barrier) {
    sql.callWithoutWaiting(
        "raise the barrier of the stream",
        connection -> {
          raiseBarrier(connection, barrier);
          return null;
        });
  }

  /** Raises the barrier in the caller's transaction. */
  public void raiseBarrier(Connection connection, Lsn barrier) throws SQLException {
    raise(connection, RAISE_BARRIER, barrier);
  }

  /** Marks the stream as copied. Throws PSYNC_S1101, naming them, while tables are unfinished. */
  public void markStreamDone(Lsn barrier) {
    sql.call(
        "mark the stream as copied",
        connection -> {
          List<String> unfinished = unfinished(connection);
          if (!unfinished.isEmpty()) {
            throw new PowerSyncException(
                    ErrorCode.PSYNC_S1101,
                    "Cannot mark snapshot done while source tables still require snapshotting")
                .with("tables", String.join(", ", unfinished));
          }
          raise(connection, STREAM_DONE, barrier);
          return null;
        });
  }

  /** Marks the stream as copied without looking at its tables. */
  public void markAllDone(Lsn barrier) {
    sql.call(
        "mark the stream as copied",
        connection -> {
          raise(connection, STREAM_DONE, barrier);
          return null;
        });
  }

  /** The stream is no longer completely copied. Records of tables stay as they are. */
  public void markStreamNotDone() {
    updateStream("mark the stream as not copied", NOT_DONE, Optional.empty());
  }

  /** Stores where to resume while no newer checkpoint exists. */
  public void setResumeLsn(Lsn position) {
    updateStream("store the resume position", RESUME, Optional.of(position));
  }

  /**
   * Deletes the records of tables.
   *
   * @param check whether their rows are gone
   */
  public void forget(List<SourceTable> tables, Check check) {
    sql.call(
        "delete records of source tables",
        connection -> {
          check.run(connection);
          updateTables(connection, FORGET, tables);
          return null;
        });
  }

  private List<String> unfinished(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(UNFINISHED)) {
      statement.setInt(1, stream.value());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  private void raise(Connection connection, String statementText, Lsn barrier) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statementText)) {
      statement.setString(1, barrier.value());
      statement.setString(2, barrier.value());
      statement.setInt(3, stream.value());
      requireStream(statement.executeUpdate());
    }
  }

  private void updateStream(String doing, String statementText, Optional<Lsn> position) {
    sql.autocommit(
        doing,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(statementText)) {
            int next = 1;
            if (position.isPresent()) {
              statement.setString(next++, position.get().value());
            }
            statement.setInt(next, stream.value());
            requireStream(statement.executeUpdate());
            return null;
          }
        });
  }

  private void requireStream(int rows) {
    if (rows == 0) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1101, "The replication stream has no row in storage any more")
          .with("stream", stream);
    }
  }

  private void updateTables(Connection connection, String statementText, List<SourceTable> tables)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statementText)) {
      statement.setInt(1, stream.value());
      statement.setArray(
          2, connection.createArrayOf("text", tables.stream().map(SourceTable::id).toArray()));
      statement.executeUpdate();
    }
  }

  /** Counts beyond the column's range are shown as its limit. */
  private static int column(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  private static SourceTable with(SourceTable table, boolean complete, SnapshotProgress progress) {
    return new SourceTable(
        table.id(),
        table.table(),
        table.objectId(),
        table.identity(),
        complete,
        progress,
        table.storeCurrentData(),
        table.syncsData(),
        table.syncsParameters(),
        table.triggersEvents());
  }
}
