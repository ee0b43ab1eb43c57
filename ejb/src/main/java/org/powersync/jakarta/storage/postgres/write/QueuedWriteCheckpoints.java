package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.CustomWriteCheckpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Custom write checkpoints that wait for the end of a flush (storage section 7.3); the last of each
 * user. What could not be stored stays. For one thread.
 */
final class QueuedWriteCheckpoints {
  private static final String STORE =
      """
      INSERT INTO powersync.custom_write_checkpoints
        (user_id, write_checkpoint, sync_rules_id, checkpoint_requested_at)
      SELECT k.user_id, k.number, ?, k.requested_at::timestamptz
        FROM unnest(?::text[], ?::int8[], ?::text[]) AS k(user_id, number, requested_at)
      ON CONFLICT (user_id, sync_rules_id) DO UPDATE SET
        write_checkpoint = excluded.write_checkpoint,
        checkpoint_requested_at = excluded.checkpoint_requested_at\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;
  private final Map<String, CustomWriteCheckpoint> queued = new LinkedHashMap<>();

  QueuedWriteCheckpoints(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  void add(CustomWriteCheckpoint checkpoint) {
    queued.put(checkpoint.userId(), checkpoint);
  }

  /** Stores what waits, and forgets it. */
  void store() {
    if (queued.isEmpty()) {
      return;
    }
    sql.autocommit(
        "store custom write checkpoints",
        connection -> {
          store(connection);
          return null;
        });
    queued.clear();
  }

  /** Stores what waits, which is to be forgotten when the transaction has committed. */
  void store(Connection connection) throws SQLException {
    if (queued.isEmpty()) {
      return;
    }
    List<CustomWriteCheckpoint> checkpoints = List.copyOf(queued.values());
    try (PreparedStatement statement = connection.prepareStatement(STORE)) {
      statement.setInt(1, stream.value());
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", checkpoints.stream().map(CustomWriteCheckpoint::userId).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf(
              "int8", checkpoints.stream().map(CustomWriteCheckpoint::number).toArray()));
      statement.setArray(
          4,
          connection.createArrayOf(
              "text", checkpoints.stream().map(QueuedWriteCheckpoints::requested).toArray()));
      statement.executeUpdate();
    }
  }

  /** Forgets what waits; returns how many. */
  int clear() {
    int count = queued.size();
    queued.clear();
    return count;
  }

  private static String requested(CustomWriteCheckpoint checkpoint) {
    return checkpoint
        .requestedAt()
        .map(instant -> instant.atOffset(ZoneOffset.UTC).toString())
        .orElse(null);
  }
}
