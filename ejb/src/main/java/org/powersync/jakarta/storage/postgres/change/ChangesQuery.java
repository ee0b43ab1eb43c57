package org.powersync.jakarta.storage.postgres.change;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.bson.BSONException;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * Asks what changed between two checkpoints of one stream: one read-only statement that also works
 * on a standby. Safe for all threads.
 */
public final class ChangesQuery {
  private static final int MOST_FLUSHES = 1_000;
  private static final int MOST_BUCKETS = 2_000;
  private static final int MOST_PARAMETER_ROWS = 5_000;

  private static final CheckpointChanges EVERYTHING = new CheckpointChanges.Everything();

  /** Relies on {@code x_bucket_changes_pkey} and {@code bucket_parameters_pkey}. */
  static final String CHANGES =
      """
      WITH stream AS MATERIALIZED (SELECT slot_name FROM powersync.sync_rules WHERE id = ?),
      log AS MATERIALIZED (
        SELECT c.op_id, c.bucket_names
          FROM stream AS s CROSS JOIN LATERAL (
               SELECT op_id, bucket_names FROM powersync.x_bucket_changes
                WHERE stream_name = s.slot_name AND op_id > ? AND op_id <= ?
                ORDER BY op_id LIMIT ?) AS c),
      parameters AS MATERIALIZED (
        SELECT group_id, lookup FROM powersync.bucket_parameters
         WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)
      SELECT (SELECT max(op_id) = ? AND bool_and(bucket_names IS NOT NULL) AND count(*) < ? FROM log)
             AND (SELECT count(*) < ? FROM parameters)
             AND EXISTS (
               SELECT FROM stream AS s CROSS JOIN LATERAL (
                 SELECT op_id FROM powersync.x_bucket_changes
                  WHERE stream_name = s.slot_name AND op_id <= ?
                  ORDER BY op_id DESC LIMIT 1) AS c) AS known,
             (SELECT array_agg(DISTINCT name) FROM log CROSS JOIN unnest(bucket_names) AS name)
               AS buckets,
             (SELECT array_agg(DISTINCT lookup) FROM parameters WHERE group_id = ?) AS lookups\
      """;

  private final SqlTransactions sql;
  private final GroupId stream;
  private final OwnCommits commits;

  /**
   * @param commits what this process wrote itself, which is not asked for
   */
  public ChangesQuery(SqlTransactions sql, GroupId stream, OwnCommits commits) {
    this.sql = sql;
    this.stream = stream;
    this.commits = commits;
  }

  /**
   * What changed after one checkpoint, up to a later one. Both are checkpoints that were published.
   */
  public CheckpointChanges between(OpId after, OpId upTo) {
    if (after.equals(upTo)) {
      return new CheckpointChanges.Some(Set.of(), Set.of());
    }
    if (after.compareTo(upTo) > 0) {
      return EVERYTHING;
    }
    return commits.between(stream, after, upTo).orElseGet(() -> asked(after, upTo));
  }

  private CheckpointChanges asked(OpId after, OpId upTo) {
    return sql.autocommit(
        "find what changed",
        connection -> {
          try {
            return ask(connection, after.value(), upTo.value());
          } catch (SQLException e) {
            if (PrivateTables.notThere(e)) {
              return EVERYTHING;
            }
            throw e;
          }
        });
  }

  private CheckpointChanges ask(Connection connection, long after, long upTo) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CHANGES)) {
      statement.setInt(1, stream.value());
      statement.setLong(2, after);
      statement.setLong(3, upTo);
      statement.setInt(4, MOST_FLUSHES);
      statement.setLong(5, after);
      statement.setLong(6, upTo);
      statement.setInt(7, MOST_PARAMETER_ROWS);
      statement.setLong(8, upTo);
      statement.setInt(9, MOST_FLUSHES);
      statement.setInt(10, MOST_PARAMETER_ROWS);
      statement.setLong(11, after);
      statement.setInt(12, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean("known")
            ? changes(row.getArray("buckets"), row.getArray("lookups"))
            : EVERYTHING;
      }
    }
  }

  private static CheckpointChanges changes(Array buckets, Array lookups) throws SQLException {
    Set<BucketName> names = new HashSet<>();
    if (buckets != null) {
      for (String name : (String[]) buckets.getArray()) {
        names.add(new BucketName(name));
      }
    }
    if (names.size() > MOST_BUCKETS) {
      return EVERYTHING;
    }
    Set<ParameterLookup> changed = new HashSet<>();
    if (lookups != null) {
      for (byte[] bytes : (byte[][]) lookups.getArray()) {
        try {
          changed.add(Lookups.read(bytes));
        } catch (BSONException | ClassCastException | IndexOutOfBoundsException e) {
          // Written by a source that we do not have; nobody here knows such a lookup.
          return EVERYTHING;
        }
      }
    }
    return new CheckpointChanges.Some(names, changed);
  }
}
