package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * How much of the schema is there, according to its row of {@code migrations}.
 *
 * @param steps how many of {@link #STEPS} are done
 */
record SchemaProgress(int steps) {
  /** The contractual names in their order; script {@code V<n>} is the n-th. */
  static final List<String> STEPS =
      List.of(
          "1684951997326-init",
          "1749024804042-snapshot-progress",
          "1756282360128-connection-reporting",
          "1771232439485-storage-version",
          "1771424826685-current-data-pending-deletes",
          "1771491856000-sync-plan",
          "1782950400000-checkpoint-requested-at",
          "1784900000000-source-metadata");

  private static final SchemaProgress NOTHING = new SchemaProgress(0);

  private static final String EXISTS =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'powersync' AND c.relname = 'migrations')\
      """;

  private static final String NEWEST =
      """
      SELECT last_run, (
        SELECT entry ->> 'direction'
        FROM jsonb_array_elements(log) WITH ORDINALITY AS entries (entry, position)
        WHERE entry ->> 'name' = last_run
        ORDER BY entry ->> 'timestamp' DESC, position DESC
        LIMIT 1)
      FROM powersync.migrations
      ORDER BY id
      LIMIT 1\
      """;

  boolean complete() {
    return steps == STEPS.size();
  }

  /** Reads it; throws PSYNC_S1005 when a newer implementation was here. */
  static SchemaProgress read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) {
        return NOTHING;
      }
      try (ResultSet row = statement.executeQuery(NEWEST)) {
        return row.next() && row.getString(1) != null
            ? after(row.getString(1), "down".equals(row.getString(2)))
            : NOTHING;
      }
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(EXISTS)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static SchemaProgress after(String lastRun, boolean reverted) {
    int index = STEPS.indexOf(lastRun);
    if (index < 0) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1005,
              "The storage schema was changed by a newer version of the service; run that version,"
                  + " or give this one a database of its own")
          .with("migration", lastRun);
    }
    return new SchemaProgress(reverted ? index : index + 1);
  }
}
