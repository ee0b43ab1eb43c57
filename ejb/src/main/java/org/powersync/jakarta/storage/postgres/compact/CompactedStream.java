package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.powersync.jakarta.storage.GroupId;

/**
 * The stream a run works on, as its row says.
 *
 * @param name unique for all times
 * @param active whether it may be compacted
 * @param checkpoint its newest, 0 before the first
 */
record CompactedStream(
    GroupId id, String name, boolean active, int storageVersion, long checkpoint) {
  private static final String READ =
      """
      SELECT slot_name, state = 'ACTIVE', storage_version, coalesce(last_checkpoint, 0)
        FROM powersync.sync_rules WHERE id = ?\
      """;

  static Optional<CompactedStream> read(Connection connection, GroupId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setInt(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new CompactedStream(
                    id, row.getString(1), row.getBoolean(2), row.getInt(3), row.getLong(4)))
            : Optional.empty();
      }
    }
  }
}
