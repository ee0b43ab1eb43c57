package org.powersync.jakarta.storage.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Deletes the rows of one stream (storage section 9). Every round commits, so that an interrupted
 * run is not lost. A round goes on behind the last deleted key: looking for rows from the start
 * each time would read past all those just deleted, which makes large streams impossible to clear.
 * For one thread.
 */
public final class Clearing {
  static final int ROUND_ROWS = 50_000;

  /** A table and the columns that, after {@code group_id}, lead one of its indexes. */
  private record KeyedTable(String name, String first, String second) {
    String lastKeyOfRound(boolean resumed) {
      return "SELECT %2$s, %3$s FROM powersync.%1$s WHERE group_id = ?%4$s ORDER BY %2$s, %3$s"
          .formatted(name, first, second, after(resumed))
          .concat(" OFFSET ? LIMIT 1");
    }

    String delete(boolean resumed, boolean bounded) {
      return "DELETE FROM powersync.%s WHERE group_id = ?%s%s"
          .formatted(
              name,
              after(resumed),
              bounded ? " AND (%s, %s) <= (?, ?)".formatted(first, second) : "");
    }

    private String after(boolean resumed) {
      return resumed ? " AND (%s, %s) > (?, ?)".formatted(first, second) : "";
    }
  }

  private record Key(Object first, Object second) {}

  /** A range of keys is estimated at a third of the table, for which all of it would be read. */
  static final String THROUGH_THE_KEY = "SET LOCAL enable_seqscan = off";

  private static final KeyedTable BUCKET_DATA =
      new KeyedTable("bucket_data", "bucket_name", "op_id");
  private static final KeyedTable BUCKET_PARAMETERS =
      new KeyedTable("bucket_parameters", "source_table", "source_key");
  private static final KeyedTable CURRENT_DATA =
      new KeyedTable("current_data", "source_table", "source_key");
  private static final KeyedTable VERSION_THREE_CURRENT_DATA =
      new KeyedTable("v3_current_data", "source_table", "source_key");
  private static final KeyedTable SOURCE_TABLES =
      new KeyedTable("source_tables", "table_name", "id");

  private final SqlTransactions sql;
  private final GroupId stream;
  private final int storageVersion;
  private final int roundRows;

  public Clearing(SqlTransactions sql, GroupId stream, int storageVersion) {
    this(sql, stream, storageVersion, ROUND_ROWS);
  }

  Clearing(SqlTransactions sql, GroupId stream, int storageVersion, int roundRows) {
    this.sql = sql;
    this.stream = stream;
    this.storageVersion = storageVersion;
    this.roundRows = roundRows;
  }

  /** Throws PSYNC_S1103 as soon as {@code aborted} is true before a round. */
  public void run(BooleanSupplier aborted) {
    for (KeyedTable table : tables()) {
      Key last = null;
      do {
        stopIf(aborted);
        last = round(table, last);
      } while (last != null);
    }
  }

  static void stopIf(BooleanSupplier aborted) {
    if (aborted.getAsBoolean()) {
      throw new PowerSyncException(ErrorCode.PSYNC_S1103, "Clearing the stream was aborted");
    }
  }

  private List<KeyedTable> tables() {
    boolean softDeletes = storageVersion == StorageVersions.SOFT_DELETES;
    if (softDeletes && !versionThreeTableExists()) {
      return List.of(BUCKET_DATA, BUCKET_PARAMETERS, SOURCE_TABLES);
    }
    return List.of(
        BUCKET_DATA,
        BUCKET_PARAMETERS,
        softDeletes ? VERSION_THREE_CURRENT_DATA : CURRENT_DATA,
        SOURCE_TABLES);
  }

  private boolean versionThreeTableExists() {
    return sql.autocommit(
        "look for the table of storage version 3",
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT to_regclass('powersync.v3_current_data') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
          }
        });
  }

  /** Deletes one round behind this key; returns the last key deleted, or null after the last. */
  private Key round(KeyedTable table, Key after) {
    return sql.call(
        "clear a stream",
        connection -> {
          try (Statement settings = connection.createStatement()) {
            settings.execute(THROUGH_THE_KEY);
          }
          Key last = lastKeyOfRound(connection, table, after);
          delete(connection, table, after, last);
          return last;
        });
  }

  private Key lastKeyOfRound(Connection connection, KeyedTable table, Key after)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(table.lastKeyOfRound(after != null))) {
      int next = bind(statement, 1, after);
      statement.setInt(next, roundRows - 1);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Key(row.getObject(1), row.getObject(2)) : null;
      }
    }
  }

  private void delete(Connection connection, KeyedTable table, Key after, Key last)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(table.delete(after != null, last != null))) {
      int next = bind(statement, 1, after);
      if (last != null) {
        statement.setObject(next++, last.first());
        statement.setObject(next, last.second());
      }
      statement.executeUpdate();
    }
  }

  private int bind(PreparedStatement statement, int first, Key after) throws SQLException {
    int next = first;
    statement.setInt(next++, stream.value());
    if (after != null) {
      statement.setObject(next++, after.first());
      statement.setObject(next++, after.second());
    }
    return next;
  }
}
