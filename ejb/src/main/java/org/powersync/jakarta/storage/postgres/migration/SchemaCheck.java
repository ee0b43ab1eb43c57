package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Whether a schema that says it is complete really is, and may be used by this role. */
final class SchemaCheck {
  private static final List<String> TABLES =
      List.of(
          "bucket_data",
          "bucket_parameters",
          "connection_report_events",
          "current_data",
          "custom_write_checkpoints",
          "instance",
          "locks",
          "migrations",
          "source_tables",
          "sync_rules",
          "write_checkpoints");

  private static final List<String> SEQUENCES = List.of("op_id_sequence", "sync_rules_id_sequence");

  private static final String FOUND =
      """
      SELECT c.relname,
        CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE')
        ELSE has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
          AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') END
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'powersync' AND c.relname = ANY (?) AND c.relkind IN ('r', 'S')\
      """;

  private SchemaCheck() {}

  /** Throws when something is missing or may not be used, naming it. */
  static void run(SqlTransactions sql) {
    List<String> missing = new ArrayList<>(TABLES);
    missing.addAll(SEQUENCES);
    List<String> forbidden = new ArrayList<>();
    sql.autocommit("check the schema", connection -> look(connection, missing, forbidden));
    if (!missing.isEmpty()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1109,
              "The storage schema is damaged: its migrations are recorded as done, but relations"
                  + " are missing; restore them from a backup, or run DROP SCHEMA powersync CASCADE"
                  + " to start anew")
          .with("missing", missing);
    }
    if (!forbidden.isEmpty()) {
      throw SchemaRights.missing(
          sql,
          new SQLException(
              "permission denied for " + String.join(", ", forbidden),
              SqlFailures.INSUFFICIENT_PRIVILEGE));
    }
  }

  private static Void look(Connection connection, List<String> missing, List<String> forbidden)
      throws SQLException {
    Array names = connection.createArrayOf("text", missing.toArray());
    try (PreparedStatement statement = connection.prepareStatement(FOUND)) {
      statement.setArray(1, names);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          missing.remove(rows.getString(1));
          if (!rows.getBoolean(2)) {
            forbidden.add(rows.getString(1));
          }
        }
      }
    }
    return null;
  }
}
