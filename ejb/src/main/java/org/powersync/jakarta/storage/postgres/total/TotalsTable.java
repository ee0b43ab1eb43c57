package org.powersync.jakarta.storage.postgres.total;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Writes the private table {@code x_bucket_totals}. */
public final class TotalsTable {
  /** Buckets with fewer operations are summed as quickly as a total is looked up. */
  static final long WORTHWHILE_OPERATIONS = 2_000;

  private static final String STORE =
      """
      INSERT INTO powersync.x_bucket_totals AS t
        (stream_name, bucket_name, op_id, checksum, operations)
      SELECT ?, k.* FROM unnest(?::text[], ?::int8[], ?::int8[], ?::int8[]) AS k
      ON CONFLICT (stream_name, bucket_name) DO UPDATE SET op_id = excluded.op_id,
        checksum = excluded.checksum, operations = excluded.operations
      WHERE t.op_id <= excluded.op_id\
      """;

  private static final String RECOUNT =
      """
      UPDATE powersync.x_bucket_totals AS t SET operations = k.operations
        FROM unnest(?::text[], ?::int8[], ?::int8[]) AS k(bucket_name, op_id, operations)
       WHERE t.stream_name = ? AND t.bucket_name = k.bucket_name AND t.op_id = k.op_id\
      """;

  private TotalsTable() {}

  /**
   * A total of a bucket.
   *
   * @param opId the last operation summed, at or below a checkpoint that was published before they
   *     were read
   * @param checksum modulo 2³², signed reading
   */
  public record Entry(String bucket, long opId, int checksum, long operations) {}

  /** Keeps those that are worth it; an older one never replaces a newer one. */
  public static void store(Connection connection, String streamName, List<Entry> totals)
      throws SQLException {
    List<Entry> kept =
        totals.stream().filter(total -> total.operations() >= WORTHWHILE_OPERATIONS).toList();
    if (kept.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(STORE)) {
      statement.setString(1, streamName);
      statement.setArray(
          2, connection.createArrayOf("text", kept.stream().map(Entry::bucket).toArray()));
      statement.setArray(
          3, connection.createArrayOf("int8", kept.stream().map(Entry::opId).toArray()));
      statement.setArray(
          4,
          connection.createArrayOf(
              "int8", kept.stream().map(entry -> (long) entry.checksum()).toArray()));
      statement.setArray(
          5, connection.createArrayOf("int8", kept.stream().map(Entry::operations).toArray()));
      statement.executeUpdate();
    }
  }

  /**
   * Compaction left fewer operations; sums and last operations are what they were.
   *
   * @param gone by bucket, how many became part of another
   */
  public static void recount(
      Connection connection, String streamName, List<Entry> totals, Map<String, Long> gone)
      throws SQLException {
    List<Entry> recounted =
        totals.stream().filter(total -> gone.containsKey(total.bucket())).toList();
    if (recounted.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(RECOUNT)) {
      statement.setArray(
          1, connection.createArrayOf("text", recounted.stream().map(Entry::bucket).toArray()));
      statement.setArray(
          2, connection.createArrayOf("int8", recounted.stream().map(Entry::opId).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf(
              "int8",
              recounted.stream()
                  .map(total -> total.operations() - gone.get(total.bucket()))
                  .toArray()));
      statement.setString(4, streamName);
      statement.executeUpdate();
    }
  }
}
