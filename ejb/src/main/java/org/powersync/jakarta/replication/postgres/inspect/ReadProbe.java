package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;

/**
 * Tries to read one row of each table, on the server and in two round trips. Each attempt is a
 * sub-transaction that is always rolled back: one failure does not spoil the others, and no table
 * stays locked while the next is read, which could end in a deadlock with somebody who changes or
 * truncates several. A table that somebody has locked for longer than a second counts as readable.
 * Stateless.
 */
final class ReadProbe {
  // The result travels in a setting of the transaction: an anonymous block returns nothing.
  private static final String PROBE =
      """
      DO $probe$
      DECLARE
        tables oid[] := '%s';
        candidate oid;
        problems jsonb := '[]';
      BEGIN
        SET LOCAL lock_timeout = '1s';
        FOREACH candidate IN ARRAY tables LOOP
          BEGIN
            EXECUTE format('SELECT * FROM ONLY %%s LIMIT 1', candidate::regclass);
            RAISE SQLSTATE 'PSYOK';
          EXCEPTION WHEN SQLSTATE 'PSYOK' OR lock_not_available THEN
            NULL;
          WHEN OTHERS THEN
            problems := problems || jsonb_build_array(
              jsonb_build_object('oid', candidate::int8, 'message', SQLERRM));
          END;
        END LOOP;
        PERFORM set_config('powersync.probe', problems::text, true);
      END
      $probe$\
      """;

  private static final String RESULT =
      """
      SELECT (problem ->> 'oid')::int8, problem ->> 'message'
      FROM jsonb_array_elements(current_setting('powersync.probe')::jsonb) AS problem\
      """;

  private ReadProbe() {}

  /**
   * The server's message for each table that cannot be read, by OID.
   *
   * @param connection in a transaction
   */
  static Map<Long, String> run(Connection connection, List<CatalogueTable> tables)
      throws SQLException {
    String oids =
        tables.stream()
            .map(table -> Long.toString(table.oid()))
            .collect(Collectors.joining(",", "{", "}"));
    Map<Long, String> problems = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute(PROBE.formatted(oids));
      try (ResultSet row = statement.executeQuery(RESULT)) {
        while (row.next()) {
          problems.put(row.getLong(1), row.getString(2));
        }
      }
    }
    return problems;
  }
}
