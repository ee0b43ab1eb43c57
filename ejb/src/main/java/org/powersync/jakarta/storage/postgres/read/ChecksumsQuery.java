package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.total.BucketTotals;
import org.powersync.jakarta.storage.postgres.total.TotalsContribution;
import org.powersync.jakarta.syncconfig.BucketName;

/** Sums of ranges of buckets of one stream (storage section 6.4). One statement per call. */
final class ChecksumsQuery {
  /**
   * Walks the primary key once per bucket. A CLEAR is always a bucket's first operation; behind a
   * range without any it says that what was in the range went into it.
   */
  static final String SUM =
      """
      SELECT total.checksum, total.operations, total.cleared,
             CASE WHEN total.operations = 0 THEN coalesce((
               SELECT op = 'CLEAR' FROM powersync.bucket_data
                WHERE group_id = ? AND bucket_name = asked.bucket AND op_id > ?
                ORDER BY op_id LIMIT 1), false) ELSE false END, total.last
        FROM unnest(?::text[], ?::int8[]) WITH ORDINALITY AS asked(bucket, after, ordinal)
       CROSS JOIN LATERAL (
             SELECT coalesce(sum(checksum) % 4294967296, 0)::int8 AS checksum,
                    count(*) AS operations, max(op_id) AS last,
                    coalesce(bool_or(op = 'CLEAR'), false) AS cleared
               FROM powersync.bucket_data
              WHERE group_id = ? AND bucket_name = asked.bucket
                AND op_id > asked.after AND op_id <= ?) AS total
       ORDER BY asked.ordinal
      """;

  private final SqlTransactions sql;
  private final GroupId stream;
  private final BucketTotals totals;
  private final TotalsContribution contribution;

  /**
   * @param background where totals that had to be summed are remembered
   */
  ChecksumsQuery(SqlTransactions sql, GroupId stream, Executor background) {
    this.sql = sql;
    this.stream = stream;
    this.totals = new BucketTotals(sql);
    this.contribution = new TotalsContribution(totals, stream, background);
  }

  /**
   * A range to sum.
   *
   * @param after what is known already: operations up to here
   * @param known their sum
   */
  record Range(BucketName bucket, OpId after, BucketChecksum known) {
    static Range whole(BucketName bucket) {
      return new Range(bucket, OpId.ZERO, BucketChecksum.EMPTY);
    }
  }

  /** The checksums up to the checkpoint, in the order of the ranges. */
  List<BucketChecksum> sum(OpId checkpoint, List<Range> ranges) {
    Map<BucketName, BucketTotals.Total> worthRemembering = new HashMap<>();
    List<BucketChecksum> sums =
        sql.autocommit(
            "sum checksums",
            connection ->
                sum(
                    connection,
                    checkpoint,
                    shortened(connection, checkpoint, ranges),
                    worthRemembering));
    // Who starts from what a cache holds may not know the number of operations any more.
    worthRemembering.keySet().retainAll(whole(ranges));
    contribution.offer(checkpoint, worthRemembering);
    return sums;
  }

  /** Whole buckets begin behind the totals that are kept of large ones. */
  private List<Range> shortened(Connection connection, OpId checkpoint, List<Range> ranges)
      throws SQLException {
    Map<BucketName, BucketTotals.Total> known =
        totals.known(connection, stream, checkpoint, whole(ranges));
    if (known.isEmpty()) {
      return ranges;
    }
    return ranges.stream()
        .map(
            range -> {
              BucketTotals.Total total = known.get(range.bucket());
              return total == null || !range.after().equals(OpId.ZERO)
                  ? range
                  : new Range(range.bucket(), total.through(), total.sum());
            })
        .toList();
  }

  private static Set<BucketName> whole(List<Range> ranges) {
    return ranges.stream()
        .filter(range -> range.after().equals(OpId.ZERO))
        .map(Range::bucket)
        .collect(Collectors.toSet());
  }

  private List<BucketChecksum> sum(
      Connection connection,
      OpId checkpoint,
      List<Range> ranges,
      Map<BucketName, BucketTotals.Total> worthRemembering)
      throws SQLException {
    String[] buckets = new String[ranges.size()];
    Long[] after = new Long[ranges.size()];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = ranges.get(i).bucket().value();
      after[i] = ranges.get(i).after().value();
    }
    List<BucketChecksum> sums = new ArrayList<>(buckets.length);
    try (PreparedStatement statement = connection.prepareStatement(SUM)) {
      statement.setInt(1, stream.value());
      statement.setLong(2, checkpoint.value());
      statement.setArray(3, connection.createArrayOf("text", buckets));
      statement.setArray(4, connection.createArrayOf("int8", after));
      statement.setInt(5, stream.value());
      statement.setLong(6, checkpoint.value());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getBoolean(4)) {
            throw new CompactedCheckpointException(stream, checkpoint);
          }
          BucketChecksum known = ranges.get(sums.size()).known();
          int sum = (int) rows.getLong(1);
          long operations = rows.getLong(2);
          // A CLEAR stands for everything before it, so the range is the whole bucket.
          BucketChecksum whole =
              rows.getBoolean(3)
                  ? new BucketChecksum(sum, operations)
                  : new BucketChecksum(known.checksum() + sum, known.count() + operations);
          if (operations >= TotalsContribution.WORTHWHILE_OPERATIONS) {
            worthRemembering.put(
                ranges.get(sums.size()).bucket(),
                new BucketTotals.Total(new OpId(rows.getLong(5)), whole));
          }
          sums.add(whole);
        }
      }
    }
    return sums;
  }
}
