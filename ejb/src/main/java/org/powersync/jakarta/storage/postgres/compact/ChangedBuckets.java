package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.GroupId;

/**
 * Finds buckets with operations in a range of ids, the last name first. The primary key {@code
 * unique_id} is asked once per bucket, for its newest operation, so the cost does not depend on how
 * many operations there are. Downwards, because a bucket's newest operation is never deleted; its
 * oldest ones are, and until the next vacuum each of them would be passed.
 */
final class ChangedBuckets {
  private static final String PAGE =
      """
      WITH RECURSIVE names AS (
        SELECT first.bucket_name, first.op_id, 1 AS position FROM (
          SELECT bucket_name, op_id FROM powersync.bucket_data
           WHERE group_id = ?%s
           ORDER BY bucket_name DESC, op_id DESC LIMIT 1) AS first
        UNION ALL
        SELECT next.bucket_name, next.op_id, n.position + 1 FROM names AS n CROSS JOIN LATERAL (
          SELECT bucket_name, op_id FROM powersync.bucket_data
           WHERE group_id = ? AND bucket_name < n.bucket_name
           ORDER BY bucket_name DESC, op_id DESC LIMIT 1) AS next
         WHERE n.position < ?)
      SELECT n.bucket_name, CASE WHEN n.op_id <= ? THEN false WHEN n.op_id <= ? THEN true ELSE
          EXISTS (
            SELECT FROM powersync.bucket_data AS b
             WHERE b.group_id = ? AND b.bucket_name = n.bucket_name AND b.op_id > ? AND b.op_id <= ?
             OFFSET 0) END
        FROM names AS n ORDER BY n.position\
      """;

  static final String FIRST_PAGE = PAGE.formatted("");
  static final String NEXT_PAGE = PAGE.formatted(" AND bucket_name < ?");

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

  /**
   * Looks at the next names below this one, at most so many.
   *
   * @param name empty to begin at the top
   */
  Page below(Connection connection, String name, int names) throws SQLException {
    List<String> changed = new ArrayList<>();
    String last = null;
    try (PreparedStatement statement =
        connection.prepareStatement(name.isEmpty() ? FIRST_PAGE : NEXT_PAGE)) {
      int next = 1;
      statement.setInt(next++, stream.value());
      if (!name.isEmpty()) {
        statement.setString(next++, name);
      }
      statement.setInt(next++, stream.value());
      statement.setInt(next++, names);
      statement.setLong(next++, afterOp);
      statement.setLong(next++, maxOp);
      statement.setInt(next++, stream.value());
      statement.setLong(next++, afterOp);
      statement.setLong(next, maxOp);
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
