package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.format.CheckpointNotice;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Lets a stream serve once it has its first checkpoint, in place of the one before (storage section
 * 5.11).
 */
final class Activation {
  private static final Logger LOG = Logger.getLogger(Activation.class.getName());
  private static final String LOCK =
      """
      SELECT state, snapshot_done FROM powersync.sync_rules WHERE id = ? FOR NO KEY UPDATE\
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

  Activation(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  /** Activates the stream if it is ready, and announces its checkpoint. */
  void activate(CheckpointNotice checkpoint) {
    boolean activated =
        sql.call(
            "activating the replication stream",
            connection -> {
              if (!ready(connection)) {
                return false;
              }
              update(connection, ACTIVATE);
              update(connection, STOP_OTHERS);
              send(connection, checkpoint);
              return true;
            });
    if (activated) {
      LOG.log(Level.INFO, "Replication stream {0} is active", stream);
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
