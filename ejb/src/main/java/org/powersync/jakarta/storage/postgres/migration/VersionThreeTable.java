package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Statement;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * The table that only streams of storage version 3 need. No migration makes it, so that a schema
 * without such streams looks as the reference leaves it (storage section 2.2).
 */
public final class VersionThreeTable {
  private VersionThreeTable() {}

  /** Creates table and index where they are missing. Before every deployment of version 3. */
  public static void create(SqlTransactions sql) {
    sql.call(
        "create the table of storage version 3",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            SchemaMigration.lockCreation(statement);
            statement.execute(
                """
                CREATE TABLE IF NOT EXISTS powersync.v3_current_data (
                  group_id integer NOT NULL,
                  source_table text NOT NULL,
                  source_key bytea NOT NULL,
                  buckets jsonb NOT NULL,
                  data bytea NOT NULL,
                  lookups bytea[] NOT NULL,
                  pending_delete bigint,
                  CONSTRAINT unique_v3_current_data_id
                    PRIMARY KEY (group_id, source_table, source_key)
                )\
                """);
            statement.execute(
                """
                CREATE INDEX IF NOT EXISTS v3_current_data_pending_deletes
                  ON powersync.v3_current_data (group_id, pending_delete)
                  WHERE pending_delete IS NOT NULL\
                """);
            return null;
          }
        });
  }
}
