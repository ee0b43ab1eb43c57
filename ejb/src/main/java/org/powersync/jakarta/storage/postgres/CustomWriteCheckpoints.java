package org.powersync.jakarta.storage.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Write checkpoints of one stream in custom mode (storage section 7.4). */
final class CustomWriteCheckpoints implements WriteCheckpoints {
  private static final int BAD_REQUEST = 400;

  private static final String READ =
      """
      SELECT user_id, write_checkpoint FROM powersync.custom_write_checkpoints
       WHERE sync_rules_id = ? AND user_id = ANY (?)\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;

  CustomWriteCheckpoints(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  @Override
  public Result create(List<Request> requests) {
    throw new PowerSyncException(
            ErrorCode.PSYNC_S2001,
            BAD_REQUEST,
            "Write checkpoints are in custom mode: the source supplies the numbers, none is created",
            null)
        .with("stream", stream);
  }

  @Override
  public Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position) {
    if (userIds.isEmpty()) {
      return Map.of();
    }
    return sql.autocommit(
        "read custom write checkpoints",
        connection -> {
          Map<String, Long> numbers = new HashMap<>();
          try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, stream.value());
            statement.setArray(2, connection.createArrayOf("text", userIds.toArray()));
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                numbers.put(row.getString(1), row.getLong(2));
              }
            }
          }
          return numbers;
        });
  }
}
