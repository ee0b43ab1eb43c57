package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Takes operation ids from {@code op_id_sequence}, one value per row that is written, in one round
 * trip per transaction (storage section 13, rule 1).
 *
 * <p>PostgreSQL has no atomic "advance by n" that is safe beside writers who call {@code nextval}:
 * {@code setval(nextval + n)} can hand the same ids to two of them. So the server calls {@code
 * nextval} once per row, which costs it well under a microsecond, and answers with one row: first,
 * last, and the ids themselves only if a concurrent writer got some from in between.
 */
final class OpIdSequence {
  private static final String TAKE =
      """
      WITH taken AS MATERIALIZED (
        SELECT nextval('powersync.op_id_sequence') AS id FROM generate_series(1, ?))
      SELECT min(id), max(id),
             CASE WHEN max(id) - min(id) >= count(*) THEN array_agg(id ORDER BY id) END
        FROM taken
      """;
  private static final String LAST =
      "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM powersync.op_id_sequence";

  private OpIdSequence() {}

  /**
   * Ids for one transaction.
   *
   * @param last the greatest of them
   */
  record Taken(OpIdBlock ids, long last) {}

  static Taken take(Connection connection, int count) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setInt(1, count);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        long last = result.getLong(2);
        OpIdBlock ids =
            result.getArray(3) == null
                ? OpIdBlock.range(result.getLong(1), count)
                : OpIdBlock.of((Long[]) result.getArray(3).getArray());
        return new Taken(ids, last);
      }
    }
  }

  /** The last id that anybody took; 0 before the first (storage section 5.8). */
  static long last(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(LAST)) {
      result.next();
      return result.getLong(1);
    }
  }
}
