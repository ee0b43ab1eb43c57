package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.powersync.jakarta.storage.postgres.change.BucketChangeLog;

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
        SELECT nextval('powersync.op_id_sequence') AS id FROM generate_series(1, ?)),
      %s
      SELECT min(id), max(id),
             CASE WHEN max(id) - min(id) >= count(*) THEN array_agg(id ORDER BY id) END
        FROM taken
      """
          .formatted(BucketChangeLog.NOTED);
  private static final String LAST =
      """
      WITH taken AS MATERIALIZED (
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM powersync.op_id_sequence),
      %s
      SELECT id FROM taken
      """
          .formatted(BucketChangeLog.NOTED);

  private static final String NEWEST =
      "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM powersync.op_id_sequence";

  private OpIdSequence() {}

  /** The last id that anybody took; 0 before the first (storage section 5.8). */
  static long newest(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST);
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /**
   * Ids for one transaction.
   *
   * @param last the greatest of them
   */
  record Taken(OpIdBlock ids, long last) {
    /** Whether nobody took an id after this one and before the last of these. */
    boolean allAfter(long id) {
      return ids.neighbours() && last == id + ids.count();
    }
  }

  /** Takes ids, at least one, and notes in the same statement which buckets they are for. */
  static Taken take(
      Connection connection, int count, BucketChangeLog log, BucketChangeLog.Names buckets)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setInt(1, count);
      log.bind(statement, 2, buckets);
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

  /**
   * The last id that anybody took; 0 before the first (storage section 5.8). Notes a transaction
   * that changes no bucket.
   */
  static Taken last(Connection connection, BucketChangeLog log) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAST)) {
      log.bind(statement, 1, new BucketChangeLog.Names());
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return new Taken(OpIdBlock.range(0, 0), result.getLong(1));
      }
    }
  }
}
