package org.powersync.jakarta.storage.postgres.migration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Words missing rights as the statements an administrator has to run. */
final class SchemaRights {
  private static final String NEW_SCHEMA =
      """
      SELECT format('CREATE SCHEMA powersync AUTHORIZATION %I;', current_user)
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'powersync')\
      """;

  /** Sequences that belong to a column change their owner with the table. */
  private static final String OWNERSHIP =
      """
      SELECT string_agg(statement, ' ')
      FROM (
        SELECT format('ALTER SCHEMA powersync OWNER TO %I;', current_user) AS statement
        FROM pg_catalog.pg_namespace
        WHERE nspname = 'powersync' AND NOT pg_has_role(nspowner, 'USAGE')
        UNION ALL
        SELECT format('ALTER %s powersync.%I OWNER TO %I;',
          CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname, current_user)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'powersync' AND c.relkind IN ('r', 'S')
          AND NOT pg_has_role(c.relowner, 'USAGE')
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE c.relkind = 'S' AND d.objid = c.oid AND d.deptype = 'a')
      ) AS statements\
      """;

  private static final String GRANTS =
      """
      SELECT format('GRANT ALL ON SCHEMA powersync TO %1$I; GRANT ALL ON ALL TABLES IN SCHEMA\
       powersync TO %1$I; GRANT ALL ON ALL SEQUENCES IN SCHEMA powersync TO %1$I;', current_user)\
      """;

  private SchemaRights() {}

  static PowerSyncException missing(SqlTransactions sql, SQLException failure) {
    return sql.autocommit(
        "look up missing rights",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            String run = text(statement, NEW_SCHEMA);
            run = run == null ? text(statement, OWNERSHIP) : run;
            run = run == null ? text(statement, GRANTS) : run;
            return new PowerSyncException(
                    ErrorCode.PSYNC_S1109,
                    "The storage role lacks rights; have an administrator run the statements named"
                        + " here in the storage database",
                    failure)
                .with("message", SqlFailures.primaryMessage(failure))
                .with("run", run);
          }
        });
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
