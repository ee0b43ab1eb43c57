package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.compact.CompactionSteps.Step;

/**
 * The statements that rewrite operations, MOVE by the places that the plan saw, the others through
 * the primary key {@code unique_id}, whatever the statistics say. (A join by the key is planned as
 * a loop over the whole stream for every operation while the table was never analysed.) A row that
 * somebody rewrote in between has another place and is left alone.
 */
final class BatchStatements {
  /**
   * A batch does not wait for the disk: it may be lost and done again, and what is recorded of the
   * run is committed behind it and waits for everything before.
   */
  private static final String WITHOUT_WAITING = "SET LOCAL synchronous_commit = off; ";

  private static final String IN_A_LOOP =
      "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
          + " SET LOCAL enable_mergejoin = off";

  static final String BY_PLACE =
      WITHOUT_WAITING
          + IN_A_LOOP
          + "; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;"
          + " SET LOCAL enable_bitmapscan = off";

  static final String THROUGH_THE_KEY = WITHOUT_WAITING + IN_A_LOOP;

  static final String MOVE =
      """
      UPDATE powersync.bucket_data AS b
         SET op = 'MOVE', target_op = k.target, table_name = NULL, row_id = NULL, data = NULL,
             source_table = NULL, source_key = NULL
        FROM unnest(?::text[], ?::int8[], ?::int8[], ?::tid[])
             AS k(bucket_name, op_id, target, place)
       WHERE b.ctid = k.place AND b.group_id = ? AND b.bucket_name = k.bucket_name
         AND b.op_id = k.op_id AND b.op IN ('PUT', 'REMOVE')\
      """;

  /** Reading a page whose rows were rewritten has PostgreSQL reclaim their space. */
  static final String READ =
      """
      SELECT count(found.op)
        FROM unnest(?::text[], ?::int8[], ?::int8[]) AS k(bucket_name, first, last)
       CROSS JOIN LATERAL (
             SELECT op FROM powersync.bucket_data
              WHERE group_id = ? AND bucket_name = k.bucket_name
                AND op_id BETWEEN k.first AND k.last OFFSET 0) AS found\
      """;

  /** The last row of each batch becomes the CLEAR, with the sum of all of them. */
  static final String CLEAR =
      """
      WITH k AS MATERIALIZED (
        SELECT * FROM unnest(?::text[], ?::int8[], ?::int8[]) AS k(bucket_name, op_id, target)),
      gone AS (
        DELETE FROM powersync.bucket_data AS b
         USING k CROSS JOIN LATERAL (
               SELECT ctid AS place FROM powersync.bucket_data
                WHERE group_id = ? AND bucket_name = k.bucket_name AND op_id < k.op_id
               OFFSET 0) AS found
         WHERE b.ctid = found.place
        RETURNING b.bucket_name, b.checksum, b.target_op),
      sums AS (
        SELECT bucket_name, count(*) AS operations, sum(checksum)::bigint AS checksum,
               max(target_op) AS target
          FROM gone GROUP BY bucket_name),
      last AS MATERIALIZED (
        SELECT found.place, k.target, s.target AS gone_target, coalesce(s.checksum, 0) AS checksum,
               coalesce(s.operations, 0) + 1 AS operations
          FROM k LEFT JOIN sums AS s ON s.bucket_name = k.bucket_name
         CROSS JOIN LATERAL (
               SELECT ctid AS place FROM powersync.bucket_data
                WHERE group_id = ? AND bucket_name = k.bucket_name AND op_id = k.op_id
               OFFSET 0) AS found)
      UPDATE powersync.bucket_data AS b
         SET op = 'CLEAR', table_name = NULL, row_id = NULL, data = NULL, source_table = NULL,
             source_key = NULL, target_op = greatest(l.target, b.target_op, l.gone_target),
             checksum = ((b.checksum + l.checksum + 2147483648) & 4294967295) - 2147483648
        FROM last AS l
       WHERE b.ctid = l.place
      RETURNING b.bucket_name, l.operations\
      """;

  private BatchStatements() {}

  /**
   * Within a transaction: operations become MOVE. Returns how many did; what somebody else rewrote
   * in between does not.
   */
  static int move(Connection connection, GroupId stream, List<Step> steps) throws SQLException {
    set(connection, BY_PLACE);
    try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
      bind(connection, statement, steps);
      statement.setArray(
          4, connection.createArrayOf("tid", steps.stream().map(Step::place).toArray()));
      statement.setInt(5, stream.value());
      return statement.executeUpdate();
    }
  }

  /** Within a transaction: reclaims the space of rows rewritten before, where these rows are. */
  static void reclaim(Connection connection, GroupId stream, List<Step> steps) throws SQLException {
    Map<String, long[]> ranges = new LinkedHashMap<>();
    for (Step step : steps) {
      long[] range = ranges.computeIfAbsent(step.bucket(), b -> new long[] {step.opId(), 0});
      range[1] = step.opId();
    }
    set(connection, THROUGH_THE_KEY);
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setArray(1, connection.createArrayOf("text", ranges.keySet().toArray()));
      statement.setArray(2, ends(connection, ranges, 0));
      statement.setArray(3, ends(connection, ranges, 1));
      statement.setInt(4, stream.value());
      statement.execute();
    }
  }

  private static Array ends(Connection connection, Map<String, long[]> ranges, int end)
      throws SQLException {
    return connection.createArrayOf(
        "int8", ranges.values().stream().map(range -> range[end]).toArray());
  }

  /**
   * Within a transaction: everything up to each step's operation becomes one CLEAR. One step per
   * bucket. Returns how many operations each bucket's CLEAR now stands for.
   */
  static Map<String, Long> clear(Connection connection, GroupId stream, List<Step> steps)
      throws SQLException {
    set(connection, THROUGH_THE_KEY);
    Map<String, Long> counts = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(CLEAR)) {
      bind(connection, statement, steps);
      statement.setInt(4, stream.value());
      statement.setInt(5, stream.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          counts.put(row.getString(1), row.getLong(2));
        }
      }
    }
    return counts;
  }

  private static void set(Connection connection, String settings) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(settings);
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, List<Step> steps)
      throws SQLException {
    String[] buckets = new String[steps.size()];
    Long[] ops = new Long[steps.size()];
    Long[] targets = new Long[steps.size()];
    for (int i = 0; i < buckets.length; i++) {
      Step step = steps.get(i);
      buckets[i] = step.bucket();
      ops[i] = step.opId();
      targets[i] = step.target() == 0 ? null : step.target();
    }
    statement.setArray(1, connection.createArrayOf("text", buckets));
    statement.setArray(2, connection.createArrayOf("int8", ops));
    statement.setArray(3, connection.createArrayOf("int8", targets));
  }
}
