package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

/** The checkpoints in {@code sync_rules} (storage section 6.1). */
final class CheckpointRows {
  private static final String OF_STREAM =
      """
      SELECT id, coalesce(last_checkpoint, 0), last_checkpoint_lsn
        FROM powersync.sync_rules
       WHERE id = ?
      """;
  private static final String OF_ACTIVE =
      """
      SELECT id, coalesce(last_checkpoint, 0), last_checkpoint_lsn
        FROM powersync.sync_rules
       WHERE state IN ('ACTIVE', 'ERRORED')
       ORDER BY id DESC
       LIMIT 1
      """;

  private CheckpointRows() {}

  /** The newest checkpoint of a stream; empty when its row is gone. */
  static Optional<Checkpoint> ofStream(Connection connection, GroupId stream) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OF_STREAM)) {
      statement.setInt(1, stream.value());
      return read(statement);
    }
  }

  /** The newest checkpoint of the stream that serves; empty when none does. */
  static Optional<Checkpoint> ofActive(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OF_ACTIVE)) {
      return read(statement);
    }
  }

  private static Optional<Checkpoint> read(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new Checkpoint(
              new GroupId(row.getInt(1)),
              new OpId(row.getLong(2)),
              Optional.ofNullable(row.getString(3)).map(Lsn::new)));
    }
  }
}
