package org.powersync.jakarta.storage.postgres.total;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Known totals of large buckets. Safe for all threads; reading works on a standby and where the
 * private table is not there (nothing is known then).
 */
public final class BucketTotals {
  private static final int BUCKETS_PER_PAGE = 200;

  /** Relies on the primary keys of both tables, one probe each per bucket. */
  static final String KNOWN =
      """
      SELECT k.name, t.op_id, t.checksum, t.operations
        FROM (SELECT slot_name FROM powersync.sync_rules WHERE id = ?) AS s
       CROSS JOIN unnest(?::text[]) AS k(name)
       CROSS JOIN LATERAL (
             SELECT op_id, checksum, operations FROM powersync.x_bucket_totals
              WHERE stream_name = s.slot_name AND bucket_name = k.name AND op_id <= ? OFFSET 0) AS t
       WHERE EXISTS (
             SELECT FROM powersync.bucket_data AS b
              WHERE b.group_id = ? AND b.bucket_name = k.name AND b.op_id = t.op_id OFFSET 0)\
      """;

  private static final String THERE = "SELECT to_regclass('powersync.x_bucket_totals') IS NOT NULL";

  private static final String STREAM =
      "SELECT slot_name, last_checkpoint FROM powersync.sync_rules WHERE id = ?";

  /** Sums of some buckets in name order, found through the primary key. */
  private static final String SUMS =
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
      SELECT n.bucket_name, b.last, b.checksum, b.operations
        FROM names AS n CROSS JOIN LATERAL (
             SELECT max(op_id) AS last, (sum(checksum) % 4294967296)::bigint AS checksum,
                    count(*) AS operations
               FROM powersync.bucket_data
              WHERE group_id = ? AND bucket_name = n.bucket_name AND op_id <= ?) AS b
       ORDER BY n.position\
      """;

  private final SqlTransactions sql;
  private volatile boolean there;

  public BucketTotals(SqlTransactions sql) {
    this.sql = sql;
  }

  /**
   * What is known of a bucket.
   *
   * @param through the operation up to which the sum goes, above 0
   */
  public record Total(OpId through, BucketChecksum sum) {}

  /**
   * The greatest known totals at or below a checkpoint; buckets without one are missing. The sum of
   * what comes after, up to the checkpoint, is added, or stands alone when that holds a CLEAR
   * (6.4).
   *
   * @param connection in autocommit, or in a transaction that may fail if the table was just
   *     dropped
   */
  public Map<BucketName, Total> known(
      Connection connection, GroupId stream, OpId checkpoint, Collection<BucketName> buckets)
      throws SQLException {
    if (buckets.isEmpty() || !there(connection)) {
      return Map.of();
    }
    try {
      return look(connection, stream, checkpoint, buckets);
    } catch (SQLException e) {
      if (PrivateTables.notThere(e)) {
        there = false;
        return Map.of();
      }
      throw e;
    }
  }

  /**
   * Remembers totals that a reader computed by reading whole buckets. Call it off the reading path;
   * it writes, on the primary server. Nothing is remembered of a checkpoint that is not the
   * stream's, or not any more because the stream is being cleared.
   *
   * @param checkpoint at which they were read; published before
   * @param totals by bucket, each with the last operation it really has at that checkpoint
   */
  public void remember(GroupId stream, OpId checkpoint, Map<BucketName, Total> totals) {
    List<TotalsTable.Entry> entries = new ArrayList<>();
    totals.forEach(
        (bucket, total) -> {
          if (total.through().compareTo(checkpoint) > 0) {
            throw new IllegalArgumentException("a total beyond its checkpoint");
          }
          entries.add(
              new TotalsTable.Entry(
                  bucket.value(),
                  total.through().value(),
                  total.sum().checksum(),
                  total.sum().count()));
        });
    PrivateTables.create(sql);
    sql.autocommit(
        "remember totals of buckets",
        connection -> {
          Stream known = stream(connection, stream);
          if (known != null && checkpoint.value() <= known.checkpoint()) {
            TotalsTable.store(connection, known.name(), entries);
          }
          return null;
        });
  }

  /**
   * Computes the totals of all large buckets at the stream's checkpoint; before its first
   * checkpoint nothing is certain and nothing is done. Returns buckets looked at.
   */
  public int refresh(GroupId id, BooleanSupplier aborted) {
    PrivateTables.create(sql);
    return sql.autocommit(
        "sum up buckets",
        connection -> {
          Stream stream = stream(connection, id);
          int buckets = 0;
          String last = "";
          while (stream != null && last != null && !aborted.getAsBoolean()) {
            List<TotalsTable.Entry> page = sums(connection, id, last, stream.checkpoint());
            TotalsTable.store(connection, stream.name(), page);
            buckets += page.size();
            last = page.size() < BUCKETS_PER_PAGE ? null : page.get(page.size() - 1).bucket();
          }
          return buckets;
        });
  }

  private record Stream(String name, long checkpoint) {}

  private static Stream stream(Connection connection, GroupId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STREAM)) {
      statement.setInt(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        long checkpoint = row.getLong(2);
        return row.wasNull() ? null : new Stream(row.getString(1), checkpoint);
      }
    }
  }

  private static List<TotalsTable.Entry> sums(
      Connection connection, GroupId stream, String after, long checkpoint) throws SQLException {
    List<TotalsTable.Entry> sums = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SUMS)) {
      statement.setInt(1, stream.value());
      statement.setString(2, after);
      statement.setInt(3, stream.value());
      statement.setInt(4, BUCKETS_PER_PAGE);
      statement.setInt(5, stream.value());
      statement.setLong(6, checkpoint);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sums.add(
              new TotalsTable.Entry(
                  row.getString(1), row.getLong(2), (int) row.getLong(3), row.getLong(4)));
        }
      }
    }
    return sums;
  }

  private static Map<BucketName, Total> look(
      Connection connection, GroupId stream, OpId checkpoint, Collection<BucketName> buckets)
      throws SQLException {
    Map<BucketName, Total> known = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
      statement.setInt(1, stream.value());
      statement.setArray(
          2, connection.createArrayOf("text", buckets.stream().map(BucketName::value).toArray()));
      statement.setLong(3, checkpoint.value());
      statement.setInt(4, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          known.put(
              new BucketName(row.getString(1)),
              new Total(
                  new OpId(row.getLong(2)),
                  new BucketChecksum((int) row.getLong(3), row.getLong(4))));
        }
      }
    }
    return known;
  }

  private boolean there(Connection connection) throws SQLException {
    if (!there) {
      try (PreparedStatement statement = connection.prepareStatement(THERE);
          ResultSet row = statement.executeQuery()) {
        row.next();
        there = row.getBoolean(1);
      }
    }
    return there;
  }
}
