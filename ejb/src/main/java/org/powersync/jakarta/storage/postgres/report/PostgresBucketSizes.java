package org.powersync.jakarta.storage.postgres.report;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.BucketName;

/** Counts operations up to a limit; beyond it the planner's statistics have to do. */
@ApplicationScoped
public class PostgresBucketSizes implements BucketSizes {
  static final int MAX_COUNTED = 500_000;

  private static final String LIMIT_TIME = "SET LOCAL statement_timeout = '3s'";

  /** An index-only scan of the primary key. */
  private static final String COUNTED =
      """
      SELECT bucket_name, operations, last_op, sum(operations) OVER () AS counted
        FROM (SELECT bucket_name, count(*) AS operations, max(op_id) AS last_op
                FROM (SELECT bucket_name, op_id FROM powersync.bucket_data
                       WHERE group_id = ? ORDER BY bucket_name, op_id LIMIT ?) AS looked_at
               GROUP BY bucket_name) AS buckets
       ORDER BY operations DESC, bucket_name LIMIT ?\
      """;

  /** Most common names of the table as a whole; one probe of the primary key each. */
  private static final String ESTIMATED =
      """
      SELECT common.name, (common.frequency * c.reltuples)::bigint AS operations, own.last_op, 0
        FROM pg_stats AS s
        JOIN pg_class AS c ON c.oid = 'powersync.bucket_data'::regclass
       CROSS JOIN LATERAL unnest(s.most_common_vals::text::text[], s.most_common_freqs)
             AS common(name, frequency)
       CROSS JOIN LATERAL (
             SELECT max(op_id) AS last_op FROM powersync.bucket_data
              WHERE group_id = ? AND bucket_name = common.name) AS own
       WHERE s.schemaname = 'powersync' AND s.tablename = 'bucket_data'
         AND s.attname = 'bucket_name' AND own.last_op IS NOT NULL
       ORDER BY operations DESC, common.name LIMIT ?\
      """;

  private final SqlTransactions sql;
  private final int maxCounted;

  /** For the container's proxy only. */
  protected PostgresBucketSizes() {
    sql = null;
    maxCounted = 0;
  }

  @Inject
  public PostgresBucketSizes(StorageResources resources) {
    this(resources, MAX_COUNTED);
  }

  PostgresBucketSizes(StorageResources resources, int maxCounted) {
    this.sql = resources.sql();
    this.maxCounted = maxCounted;
  }

  @Override
  public Largest largest(GroupId stream, int count) {
    return sql.call(
        "look for large buckets",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(LIMIT_TIME);
          }
          return largest(connection, stream, count);
        });
  }

  private Largest largest(Connection connection, GroupId stream, int count) throws SQLException {
    List<Bucket> counted = new ArrayList<>();
    long operations = read(connection, COUNTED, counted, stream.value(), maxCounted, count);
    if (operations < maxCounted) {
      return new Largest(Basis.COUNTED, counted);
    }
    List<Bucket> estimated = new ArrayList<>();
    read(connection, ESTIMATED, estimated, stream.value(), count);
    return estimated.isEmpty()
        ? new Largest(Basis.PARTLY_COUNTED, counted)
        : new Largest(Basis.ESTIMATED, estimated);
  }

  private static long read(
      Connection connection, String query, List<Bucket> buckets, int... parameters)
      throws SQLException {
    long total = 0;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setInt(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          buckets.add(
              new Bucket(
                  new BucketName(row.getString(1)), row.getLong(2), new OpId(row.getLong(3))));
          total = row.getLong(4);
        }
      }
    }
    return total;
  }
}
