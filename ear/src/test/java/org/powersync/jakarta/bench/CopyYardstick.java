package org.powersync.jakarta.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * The yardstick of the write path: the rows that the product stored, prepared beforehand as binary
 * COPY data, written again into empty tables with the same keys, on one connection, in transactions
 * of the same size.
 */
final class CopyYardstick {
  private static final int ROWS_PER_TRANSACTION = 20_000;

  private CopyYardstick() {}

  /** Seconds to write all of {@code bucket_data} and {@code current_data} again by COPY. */
  static double copyBoth(TestPostgres.Database storage) throws SQLException, IOException {
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement()) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      byte[][] operations = prepare(statement, copy, "bucket_data", "op_id");
      byte[][] rows = prepare(statement, copy, "current_data", "source_key");
      connection.setAutoCommit(false);
      long start = System.nanoTime();
      for (int i = 0; i < Math.max(operations.length, rows.length); i++) {
        write(copy, "bucket_data", operations, i);
        write(copy, "current_data", rows, i);
        connection.commit();
      }
      return Bench.seconds(start);
    }
  }

  /**
   * Seconds to write all of {@code bucket_data} by COPY, and as many rows of {@code current_data}
   * by upserts of arrays, where all rows exist already.
   */
  static double copyAndUpsert(TestPostgres.Database storage, int rowsPerTransaction)
      throws SQLException, IOException {
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement()) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      byte[][] operations = prepare(statement, copy, "bucket_data", "op_id", rowsPerTransaction);
      statement.execute("DROP TABLE IF EXISTS yardstick.current_data");
      statement.execute(
          "CREATE TABLE yardstick.current_data (LIKE powersync.current_data INCLUDING ALL)");
      statement.execute("INSERT INTO yardstick.current_data SELECT * FROM powersync.current_data");
      statement.execute(
          "CREATE TABLE yardstick.numbered AS SELECT row_number() OVER (ORDER BY source_key) AS n,"
              + " * FROM powersync.current_data");
      statement.execute("CREATE UNIQUE INDEX ON yardstick.numbered (n)");
      statement.execute("ANALYZE yardstick.numbered");
      connection.setAutoCommit(false);
      long start = System.nanoTime();
      for (int i = 0; i < operations.length; i++) {
        write(copy, "bucket_data", operations, i);
        // From a table instead of arrays: cheaper than the real thing, so the bar is strict.
        statement.executeUpdate(
            "INSERT INTO yardstick.current_data"
                + " SELECT group_id, source_table, source_key, buckets, data, lookups"
                + " FROM yardstick.numbered WHERE n > "
                + (long) i * rowsPerTransaction
                + " AND n <= "
                + (long) (i + 1) * rowsPerTransaction
                + " ON CONFLICT (group_id, source_table, source_key) DO UPDATE SET"
                + " buckets = excluded.buckets, data = excluded.data, lookups = excluded.lookups");
        connection.commit();
      }
      return Bench.seconds(start);
    }
  }

  private static byte[][] prepare(Statement statement, CopyManager copy, String table, String order)
      throws SQLException, IOException {
    return prepare(statement, copy, table, order, ROWS_PER_TRANSACTION);
  }

  private static byte[][] prepare(
      Statement statement, CopyManager copy, String table, String order, int rows)
      throws SQLException, IOException {
    statement.execute("CREATE SCHEMA IF NOT EXISTS yardstick");
    statement.execute("DROP TABLE IF EXISTS yardstick." + table);
    statement.execute(
        "CREATE TABLE yardstick." + table + " (LIKE powersync." + table + " INCLUDING ALL)");
    statement.execute("DROP TABLE IF EXISTS yardstick.ordered_" + table);
    statement.execute(
        "CREATE TABLE yardstick.ordered_"
            + table
            + " AS SELECT row_number() OVER (ORDER BY "
            + order
            + ") AS n, * FROM powersync."
            + table);
    statement.execute("CREATE UNIQUE INDEX ON yardstick.ordered_" + table + " (n)");
    String columns = columns(statement, table);
    long all;
    try (var count = statement.executeQuery("SELECT count(*) FROM powersync." + table)) {
      count.next();
      all = count.getLong(1);
    }
    byte[][] parts = new byte[(int) ((all + rows - 1) / rows)][];
    for (int i = 0; i < parts.length; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.copyOut(
          "COPY (SELECT "
              + columns
              + " FROM yardstick.ordered_"
              + table
              + " WHERE n > "
              + (long) i * rows
              + " AND n <= "
              + (long) (i + 1) * rows
              + " ORDER BY n) TO STDOUT (FORMAT binary)",
          out);
      parts[i] = out.toByteArray();
    }
    statement.execute("DROP TABLE yardstick.ordered_" + table);
    return parts;
  }

  private static String columns(Statement statement, String table) throws SQLException {
    try (var columns =
        statement.executeQuery(
            "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position)"
                + " FROM information_schema.columns"
                + " WHERE table_schema = 'powersync' AND table_name = '"
                + table
                + "'")) {
      columns.next();
      return columns.getString(1);
    }
  }

  private static void write(CopyManager copy, String table, byte[][] parts, int part)
      throws SQLException, IOException {
    if (part < parts.length) {
      copy.copyIn(
          "COPY yardstick." + table + " FROM STDIN (FORMAT binary)",
          new ByteArrayInputStream(parts[part]));
    }
  }
}
