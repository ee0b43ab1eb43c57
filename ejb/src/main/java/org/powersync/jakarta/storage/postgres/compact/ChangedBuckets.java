package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.GroupId;

/**
 * Finds buckets with operations in a range of ids, in name order. The primary key {@code unique_id}
 * is asked two questions per bucket (the next name; any operation in the range), so the cost does
 * not depend on how many operations there are.
 */
final class ChangedBuckets {
  static final String PAGE =
      """
      WITH RECURSIVE names AS (
        SELECT first.bucket_name, 1 AS position FROM (
          SELECT bucket_name FROM powersync.bucket_data
           WHERE group_id = ? AND bucket_name > ? ORDER BY bucket_name LIMIT 1) AS first
        UNION ALL
        SELECT next.bucket_name, n.position + 1 FROM names AS n CROSS JOIN LATERAL (
          SELECT bucket_name FROM powersync.bucket_data
           WHERE group_id = ? AND bucket_name > n.bucket_name ORDER BY bucket_name LIMIT 1) AS next
         WHERE n.position < ?)
      SELECT n.bucket_name, EXISTS (
          SELECT FROM powersync.bucket_data AS b
           WHERE b.group_id = ? AND b.bucket_name = n.bucket_name AND b.op_id > ? AND b.op_id <= ?
           OFFSET 0)
        FROM names AS n ORDER BY n.position\
      """;

  private final GroupId stream;
  private final long afterOp;
  private final long maxOp;

  /** Looks for operations above {@code afterOp}, up to {@code maxOp}. */
  ChangedBuckets(GroupId stream, long afterOp, long maxOp) {
    this.stream = stream;
    this.afterOp = afterOp;
    this.maxOp = maxOp;
  }

  /**
   * Some buckets of the stream.
   *
   * @param last the last name looked at, null when there are no more names
   */
  record Page(List<String> changed, String last) {}

  /** Looks at the next names behind this one, at most so many. */
  Page after(Connection connection, String name, int names) throws SQLException {
    List<String> changed = new ArrayList<>();
    String last = null;
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setInt(1, stream.value());
      statement.setString(2, name);
      statement.setInt(3, stream.value());
      statement.setInt(4, names);
      statement.setInt(5, stream.value());
      statement.setLong(6, afterOp);
      statement.setLong(7, maxOp);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          last = row.getString(1);
          if (row.getBoolean(2)) {
            changed.add(last);
          }
        }
      }
    }
    return new Page(changed, last);
  }
}
