package org.powersync.jakarta.storage.postgres.change;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Notes which buckets the flushes of one writer changed. Costs no statement of its own: its insert
 * is part of the one that takes operation ids. For one thread.
 */
public final class BucketChangeLog {
  /** More than this is as good as everything, and is not stored. */
  static final int MOST_BUCKETS = 256;

  private static final int MOST_CHARACTERS = 16 * 1024;

  /** Between as many and twice as many flushes are kept. */
  private static final int KEPT_FLUSHES = 1_024;

  /**
   * From here on the log is complete; before, it is worth nothing, and one row says so. It also
   * marks where the kept rows begin.
   */
  private static final String BEGIN =
      """
      WITH last AS MATERIALIZED (
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM powersync.op_id_sequence),
      old AS (
        DELETE FROM powersync.x_bucket_changes USING last
         WHERE stream_name = ? AND op_id < last.id)
      INSERT INTO powersync.x_bucket_changes AS x (stream_name, op_id, bucket_names)
      SELECT ?, id, NULL FROM last
      ON CONFLICT (stream_name, op_id) DO UPDATE SET bucket_names = NULL\
      """;

  private static final String PRUNE =
      "DELETE FROM powersync.x_bucket_changes WHERE stream_name = ? AND op_id < ?";

  /**
   * A common table expression that notes a transaction. Before it stands {@code taken(id)}, the
   * operation ids of the transaction, or the last one there is when it has none.
   */
  public static final String NOTED =
      """
      noted AS (
        INSERT INTO powersync.x_bucket_changes (stream_name, op_id, bucket_names)
        SELECT ?, max(id), ?::text[] FROM taken
        ON CONFLICT (stream_name, op_id) DO NOTHING)\
      """;

  private final SqlTransactions sql;
  private final String stream;
  private final boolean naming;
  private int flushes;
  private long prunable;

  /**
   * Begins the log of a writer.
   *
   * @param naming whether names of buckets are worth storing: not while a table is copied
   */
  public BucketChangeLog(SqlTransactions sql, String stream, boolean naming) {
    this.sql = sql;
    this.stream = stream;
    this.naming = naming;
    PrivateTables.create(sql);
    sql.autocommit(
        "begin the log of changes",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            statement.setString(1, stream);
            statement.setString(2, stream);
            return statement.executeUpdate();
          }
        });
  }

  /** The buckets of one transaction, kept while they are few. For one thread. */
  public static final class Names {
    private final Set<String> names = new HashSet<>();
    private int characters;

    public void add(String bucket) {
      if (!tooMany() && names.add(bucket)) {
        characters += bucket.length();
      }
    }

    private boolean tooMany() {
      return names.size() > MOST_BUCKETS || characters > MOST_CHARACTERS;
    }
  }

  /** Binds the two parameters of {@link #NOTED}, from this index on. */
  public void bind(PreparedStatement statement, int first, Names names) throws SQLException {
    statement.setString(first, stream);
    statement.setArray(
        first + 1,
        naming && !names.tooMany()
            ? statement.getConnection().createArrayOf("text", names.names.toArray())
            : null);
  }

  /** After a flush committed: forgets rows that nobody asks about any more, now and then. */
  public void flushed(long lastOp) {
    if (++flushes % KEPT_FLUSHES == 0) {
      long before = prunable;
      prunable = lastOp;
      sql.autocommit(
          "prune the log of changes",
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PRUNE)) {
              statement.setString(1, stream);
              statement.setLong(2, before);
              return statement.executeUpdate();
            }
          });
    }
  }
}
