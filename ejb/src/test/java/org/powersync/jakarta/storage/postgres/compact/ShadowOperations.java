package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.postgres.compact.ReducedBucket.Operation;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;

/**
 * Keeps every operation of a database as it was written, whatever compaction does to it: what
 * clients must have seen in the end. Safe for all threads.
 */
final class ShadowOperations {
  /** A CLEAR is compaction's own, whether it updates a row or inserts one. */
  private static final String[] SHADOW = {
    "CREATE TABLE shadow (LIKE powersync.bucket_data, PRIMARY KEY (group_id, bucket_name, op_id))",
    """
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.shadow SELECT NEW.*; RETURN NEW; END $$""",
    """
    CREATE TRIGGER keep AFTER INSERT ON powersync.bucket_data
      FOR EACH ROW WHEN (NEW.op <> 'CLEAR') EXECUTE FUNCTION public.keep()"""
  };

  private static final String CHECKSUM =
      """
      SELECT coalesce(sum(checksum) % 4294967296, 0)::int8 FROM public.shadow
       WHERE group_id = 1 AND bucket_name = ? AND op_id <= ?""";

  private static final String OPERATIONS =
      """
      SELECT op_id, op, table_name, row_id, source_table, source_key, checksum, data
        FROM %s WHERE group_id = 1 AND bucket_name = ? AND op_id > ? AND op_id <= ?
       ORDER BY op_id""";

  private final Database database;

  ShadowOperations(Database database) {
    this.database = database;
    database.execute(SHADOW);
  }

  /** What a bucket amounts to at a checkpoint. */
  ReducedBucket at(String bucket, long checkpoint) {
    return new ReducedBucket().apply(written(bucket, 0, checkpoint));
  }

  /** The sum of what was written up to a checkpoint. */
  int checksum(String bucket, long checkpoint) {
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(CHECKSUM)) {
      statement.setString(1, bucket);
      statement.setLong(2, checkpoint);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return (int) row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Operations of a range as they were written. */
  List<Operation> written(String bucket, long after, long upTo) {
    return operations("public.shadow", bucket, after, upTo);
  }

  /** Operations of a range as they are now. */
  List<Operation> stored(String bucket, long after, long upTo) {
    return operations("powersync.bucket_data", bucket, after, upTo);
  }

  private List<Operation> operations(String table, String bucket, long after, long upTo) {
    List<Operation> operations = new ArrayList<>();
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(OPERATIONS.formatted(table))) {
      statement.setString(1, bucket);
      statement.setLong(2, after);
      statement.setLong(3, upTo);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          operations.add(
              new Operation(
                  row.getLong(1), row.getString(2), key(row), row.getLong(7), row.getString(8)));
        }
      }
      return operations;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String key(ResultSet row) throws SQLException {
    return row.getString(5) == null
        ? null
        : row.getString(3)
            + "/"
            + row.getString(4)
            + "/"
            + ReplicaIds.subkey(row.getString(5), row.getBytes(6));
  }
}
