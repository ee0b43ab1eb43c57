package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Drops everything in the schema that was made for the product (storage section 2.3), also what the
 * reference leaves behind: reports, locks and the private tables. The schema stays, because it may
 * be an administrator's. All or nothing, and can be repeated.
 */
public final class SchemaRemoval {
  /** In the order of the specification, then the rest. */
  private static final List<String> TABLES =
      List.of(
          "bucket_data",
          "bucket_parameters",
          "sync_rules",
          "instance",
          "current_data",
          "v3_current_data",
          "source_tables",
          "write_checkpoints",
          "custom_write_checkpoints",
          "migrations",
          "connection_report_events",
          "locks",
          "x_flyway_history");

  private static final List<String> SEQUENCES = List.of("op_id_sequence", "sync_rules_id_sequence");

  private SchemaRemoval() {}

  /** Throws a retriable failure when others use the tables for longer than half a minute. */
  public static void run(SqlTransactions sql) {
    List<String> tables = new ArrayList<>(TABLES);
    tables.addAll(PrivateTables.NAMES);
    sql.call(
        "drop the storage tables",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '30s'");
            SchemaMigration.lockCreation(statement);
            for (String table : tables) {
              statement.execute("DROP TABLE IF EXISTS powersync." + table);
            }
            for (String sequence : SEQUENCES) {
              statement.execute("DROP SEQUENCE IF EXISTS powersync." + sequence);
            }
            return null;
          }
        });
  }
}
