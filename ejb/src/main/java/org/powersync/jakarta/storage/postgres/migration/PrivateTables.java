package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Tables of our own beside those of the specification, prefixed {@code x_}. All of them can be
 * derived: when one is missing, or another implementation wrote meanwhile, work takes longer and
 * nothing else happens. No migration makes them, so they come back by themselves.
 *
 * <p>Each row names its stream by {@code sync_rules.slot_name}, which, unlike the stream's number,
 * is not used again after a tear-down. A table whose shape changes gets a new name.
 */
public final class PrivateTables {
  /** All of them, for a tear-down. */
  public static final List<String> NAMES =
      List.of("x_compaction", "x_bucket_totals", "x_bucket_changes");

  private static final String UNDEFINED_TABLE = "42P01";

  private static final String MISSING =
      """
      SELECT to_regclass('powersync.x_compaction') IS NULL
          OR to_regclass('powersync.x_bucket_totals') IS NULL
          OR to_regclass('powersync.x_bucket_changes') IS NULL\
      """;

  /** One row per stream: how far compaction is. */
  private static final String COMPACTION =
      """
      CREATE TABLE IF NOT EXISTS powersync.x_compaction (
        stream_name text CONSTRAINT x_compaction_pkey PRIMARY KEY,
        compacted_op bigint NOT NULL DEFAULT 0,
        pending_op bigint,
        pending_bucket text,
        parameters_op bigint NOT NULL DEFAULT 0,
        horizon_op bigint NOT NULL DEFAULT 0,
        seen_op bigint,
        seen_at timestamptz
      )\
      """;

  /** Checksum and number of a large bucket's operations up to one of them. */
  private static final String TOTALS =
      """
      CREATE TABLE IF NOT EXISTS powersync.x_bucket_totals (
        stream_name text NOT NULL,
        bucket_name text NOT NULL,
        op_id bigint NOT NULL,
        checksum bigint NOT NULL,
        operations bigint NOT NULL,
        CONSTRAINT x_bucket_totals_pkey PRIMARY KEY (stream_name, bucket_name)
      )\
      """;

  /** Buckets written by one transaction, under its last operation id; unset = not known. */
  private static final String CHANGES =
      """
      CREATE TABLE IF NOT EXISTS powersync.x_bucket_changes (
        stream_name text NOT NULL,
        op_id bigint NOT NULL,
        bucket_names text[],
        CONSTRAINT x_bucket_changes_pkey PRIMARY KEY (stream_name, op_id)
      )\
      """;

  private PrivateTables() {}

  /** Creates what is missing. */
  public static void create(SqlTransactions sql) {
    boolean missing = sql.autocommit("look for private tables", PrivateTables::anyMissing);
    if (missing) {
      sql.call(
          "create private tables",
          connection -> {
            try (Statement statement = connection.createStatement()) {
              SchemaMigration.lockCreation(statement);
              statement.execute(COMPACTION);
              statement.execute(TOTALS);
              statement.execute(CHANGES);
              return null;
            }
          });
    }
  }

  /** Forgets a stream whose rows were deleted. */
  public static void forget(SqlTransactions sql, String streamName) {
    create(sql);
    sql.call(
        "forget a stream in private tables",
        connection -> {
          for (String table : NAMES) {
            try (PreparedStatement statement =
                connection.prepareStatement(
                    "DELETE FROM powersync." + table + " WHERE stream_name = ?")) {
              statement.setString(1, streamName);
              statement.executeUpdate();
            }
          }
          return null;
        });
  }

  /** Whether a statement failed because a table is not there. */
  public static boolean notThere(SQLException failure) {
    return UNDEFINED_TABLE.equals(failure.getSQLState());
  }

  private static boolean anyMissing(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MISSING)) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
