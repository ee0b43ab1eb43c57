package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Removes write checkpoints that clients asked for and that are too old to be waited for, of all
 * streams (storage section 7.5). Generated numbers stay for ever.
 */
final class RequestExpiry {
  /** Each found through its partial index on {@code checkpoint_requested_at}. */
  private static final List<String> DELETES =
      List.of(
          "DELETE FROM powersync.write_checkpoints WHERE checkpoint_requested_at < ?",
          "DELETE FROM powersync.custom_write_checkpoints WHERE checkpoint_requested_at < ?");

  private RequestExpiry() {}

  static long expire(Connection connection, Instant before) throws SQLException {
    long expired = 0;
    for (String delete : DELETES) {
      try (PreparedStatement statement = connection.prepareStatement(delete)) {
        statement.setObject(1, before.atOffset(ZoneOffset.UTC));
        expired += statement.executeUpdate();
      }
    }
    return expired;
  }
}
