package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.format.CheckpointNotice;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Lets a stream serve once it has its first checkpoint, in place of the one before (storage section
 * 5.11). Clients must not go back: a stream waits until it is as far as the one that serves, though
 * not for ever, since that one may follow another source. For one thread.
 */
final class Activation {
  /** Longer than any stream is behind for other reasons than load. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Logger LOG = Logger.getLogger(Activation.class.getName());
  private static final String LOCK =
      """
      SELECT state, snapshot_done FROM powersync.sync_rules WHERE id = ? FOR NO KEY UPDATE\
      """;

  /** The lock holds back the commits of those that serve. */
  private static final String SERVING =
      """
      SELECT last_checkpoint_lsn FROM powersync.sync_rules
       WHERE id <> ? AND state = 'ACTIVE' AND last_checkpoint_lsn IS NOT NULL
         FOR NO KEY UPDATE\
      """;

  private static final String ACTIVATE =
      "UPDATE powersync.sync_rules SET state = 'ACTIVE' WHERE id = ?";
  private static final String STOP_OTHERS =
      """
      UPDATE powersync.sync_rules SET state = 'STOP'
       WHERE id <> ? AND state IN ('ACTIVE', 'ERRORED')\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;
  private final Duration patience;
  private Optional<Long> behindSince = Optional.empty();

  /**
   * @param patience for how long a stream that is behind waits
   */
  Activation(SqlTransactions sql, GroupId stream, Duration patience) {
    this.sql = sql;
    this.stream = stream;
    this.patience = patience;
  }

  private enum Result {
    ACTIVATED,
    NOT_READY,
    BEHIND
  }

  /**
   * Activates the stream if it is ready, and announces its checkpoint.
   *
   * @return false when it is behind the stream that serves, and waits
   */
  boolean activate(CheckpointNotice checkpoint) {
    Result result =
        sql.call(
            "activating the replication stream", connection -> activate(connection, checkpoint));
    if (result == Result.ACTIVATED) {
      LOG.log(Level.INFO, "Replication stream {0} is active", stream);
    } else if (result == Result.BEHIND && behindSince.isEmpty()) {
      behindSince = Optional.of(System.nanoTime());
      LOG.log(
          Level.INFO,
          "Replication stream {0} is ready at {1} and waits to be as far as the one that serves",
          new Object[] {stream, checkpoint.position().map(Lsn::value).orElse("none")});
    }
    return result != Result.BEHIND;
  }

  private Result activate(Connection connection, CheckpointNotice checkpoint) throws SQLException {
    if (!ready(connection)) {
      return Result.NOT_READY;
    }
    if (behind(connection, checkpoint.position())) {
      if (patient()) {
        return Result.BEHIND;
      }
      LOG.log(
          Level.WARNING,
          "Replication stream {0} begins to serve although it is behind the one before: clients go"
              + " back to {1}",
          new Object[] {stream, checkpoint.position().map(Lsn::value).orElse("none")});
    }
    update(connection, ACTIVATE);
    update(connection, STOP_OTHERS);
    send(connection, checkpoint);
    return Result.ACTIVATED;
  }

  private boolean patient() {
    return behindSince.map(since -> System.nanoTime() - since < patience.toNanos()).orElse(true);
  }

  private boolean behind(Connection connection, Optional<Lsn> position) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SERVING)) {
      statement.setInt(1, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Lsn serving = new Lsn(row.getString("last_checkpoint_lsn"));
          if (position.isEmpty() || position.get().compareTo(serving) < 0) {
            return true;
          }
        }
        return false;
      }
    }
  }

  private static void send(Connection connection, CheckpointNotice checkpoint) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CheckpointNotice.SEND)) {
      statement.setString(1, checkpoint.payload());
      statement.execute();
    }
  }

  private boolean ready(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setInt(1, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            && row.getString("state").equals(StreamState.PROCESSING.name())
            && row.getBoolean("snapshot_done");
      }
    }
  }

  private void update(Connection connection, String statement) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(statement)) {
      update.setInt(1, stream.value());
      update.executeUpdate();
    }
  }
}
