package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;

/**
 * How far compaction of one stream is, in the private table {@code x_compaction}. Without its row
 * everything counts as never compacted, which costs time only. For one thread.
 */
final class CompactionRecord {
  private static final double MILLIS_PER_SECOND = 1000.0;

  private static final String READ =
      """
      SELECT compacted_op, pending_op, pending_bucket, parameters_op
        FROM powersync.x_compaction WHERE stream_name = ?\
      """;

  private static final String STORE =
      """
      INSERT INTO powersync.x_compaction AS x
        (stream_name, compacted_op, pending_op, pending_bucket) VALUES (?, ?, ?, ?)
      ON CONFLICT (stream_name) DO UPDATE SET compacted_op = excluded.compacted_op,
        pending_op = excluded.pending_op, pending_bucket = excluded.pending_bucket\
      """;

  private static final String STORE_PARAMETERS =
      "UPDATE powersync.x_compaction SET parameters_op = ? WHERE stream_name = ?";

  /**
   * A checkpoint that was seen long enough ago becomes the horizon, and the present one is seen; a
   * checkpoint seen lately stays, so that frequent runs get there too.
   */
  private static final String HORIZON =
      """
      INSERT INTO powersync.x_compaction AS x (stream_name, seen_op, seen_at, horizon_op)
      VALUES (?, ?, clock_timestamp(), CASE WHEN ? <= 0 THEN ? ELSE 0 END)
      ON CONFLICT (stream_name) DO UPDATE SET
        horizon_op = CASE WHEN ? <= 0 THEN excluded.seen_op
          WHEN x.seen_at <= excluded.seen_at - make_interval(secs => ?) THEN x.seen_op
          ELSE x.horizon_op END,
        seen_op = CASE WHEN x.seen_at > excluded.seen_at - make_interval(secs => ?)
          THEN x.seen_op ELSE excluded.seen_op END,
        seen_at = CASE WHEN x.seen_at > excluded.seen_at - make_interval(secs => ?)
          THEN x.seen_at ELSE excluded.seen_at END
      RETURNING horizon_op\
      """;

  private final String stream;
  private boolean stored;
  private long compactedOp;
  private long pendingOp;
  private String pendingBucket;
  private long parametersOp;

  private CompactionRecord(String stream) {
    this.stream = stream;
  }

  static CompactionRecord read(Connection connection, String stream) throws SQLException {
    CompactionRecord record = new CompactionRecord(stream);
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, stream);
      try (ResultSet row = statement.executeQuery()) {
        record.stored = row.next();
        if (record.stored) {
          record.compactedOp = row.getLong(1);
          record.pendingOp = row.getLong(2);
          record.pendingBucket = row.getString(3);
          record.parametersOp = row.getLong(4);
        }
      }
    }
    return record;
  }

  /** Whether there was a record when this one was read. */
  boolean stored() {
    return stored;
  }

  /** Every bucket is compacted up to this operation. */
  long compactedOp() {
    return compactedOp;
  }

  /** The bucket below which an interrupted run goes on; empty to begin with the last name. */
  String resumeAfter() {
    return pendingBucket == null ? "" : pendingBucket;
  }

  /** Begins a run, or goes on with an interrupted one, which keeps its own bound. */
  void begin(long maxOp) {
    if (pendingBucket == null) {
      pendingOp = maxOp;
    }
  }

  /** Buckets down to this name are done. */
  void advance(Connection connection, String bucket) throws SQLException {
    pendingBucket = bucket;
    store(connection);
  }

  /** All buckets are done. */
  void complete(Connection connection) throws SQLException {
    compactedOp = Math.max(compactedOp, pendingOp);
    restart(connection);
  }

  /** All were looked at, but some have to be again. */
  void restart(Connection connection) throws SQLException {
    pendingBucket = null;
    store(connection);
  }

  /** Parameter history is gone up to this id. */
  long parametersOp() {
    return parametersOp;
  }

  void parametersDone(Connection connection, long op) throws SQLException {
    parametersOp = op;
    try (PreparedStatement statement = connection.prepareStatement(STORE_PARAMETERS)) {
      statement.setLong(1, op);
      statement.setString(2, stream);
      statement.executeUpdate();
    }
  }

  /**
   * The newest checkpoint known to be older than {@code age}, which nobody is served below any
   * more; 0 while none is known.
   */
  long horizon(Connection connection, long checkpoint, Duration age) throws SQLException {
    double seconds = age.toMillis() / MILLIS_PER_SECOND;
    try (PreparedStatement statement = connection.prepareStatement(HORIZON)) {
      statement.setString(1, stream);
      statement.setLong(2, checkpoint);
      statement.setDouble(3, seconds);
      statement.setLong(4, checkpoint);
      for (int i = 5; i <= 8; i++) {
        statement.setDouble(i, seconds);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void store(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STORE)) {
      statement.setString(1, stream);
      statement.setLong(2, compactedOp);
      if (pendingBucket == null) {
        statement.setNull(3, Types.BIGINT);
      } else {
        statement.setLong(3, pendingOp);
      }
      statement.setString(4, pendingBucket);
      statement.executeUpdate();
    }
  }
}
