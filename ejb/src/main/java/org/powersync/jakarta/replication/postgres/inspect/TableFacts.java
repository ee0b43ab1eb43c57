package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * What the preflight needs to know about a table besides its description.
 *
 * @param byType names of columns by type, of types that need a remark
 * @param generated names of generated columns that are not streamed
 */
record TableFacts(
    boolean unlogged,
    String quotedSchema,
    boolean schemaUsage,
    boolean selectable,
    Map<String, String> byType,
    Optional<String> generated) {
  private static final int GENERATED_COLUMNS_SINCE = 180000;

  private static final String QUERY =
      """
      SELECT c.oid, c.relpersistence = 'u', quote_ident(n.nspname),
             has_schema_privilege(n.oid, 'USAGE'), has_table_privilege(c.oid, 'SELECT')
               OR NOT EXISTS (
                 SELECT FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')),
             (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = 'bytea'::regtype),
             (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = 'money'::regtype),
             (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY (?::oid[])
      """;

  private static final String OTHERS =
      """
      SELECT n.nspname, c.relname, c.relkind
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm', 'f', 'p') AND NOT starts_with(n.nspname::text, 'pg_')
        AND n.nspname <> 'information_schema'
      """;

  /** A relation that is not replicated, although it can be read like a table. */
  record OtherRelation(TableName name, char relkind) {
    String kind() {
      return switch (relkind) {
        case 'v' -> "a view";
        case 'm' -> "a materialized view";
        case 'f' -> "a foreign table";
        default -> "a partitioned table";
      };
    }

    String advice() {
      return relkind == 'p'
          ? "name its partitions, by a pattern that ends in %"
          : "only ordinary tables are replicated";
    }
  }

  /** Facts by OID. */
  static Map<Long, TableFacts> of(Connection connection, List<CatalogueTable> tables)
      throws SQLException {
    Map<Long, TableFacts> facts = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      Object[] oids = tables.stream().map(table -> Long.toString(table.oid())).toArray();
      statement.setArray(1, connection.createArrayOf("text", oids));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Map<String, String> byType = new HashMap<>();
          Optional.ofNullable(row.getString(6)).ifPresent(names -> byType.put("bytea", names));
          Optional.ofNullable(row.getString(7)).ifPresent(names -> byType.put("money", names));
          facts.put(
              row.getLong(1),
              new TableFacts(
                  row.getBoolean(2),
                  row.getString(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  byType,
                  Optional.ofNullable(row.getString(8))));
        }
      }
    }
    return facts;
  }

  /** Relations of other kinds that a pattern names. */
  static List<OtherRelation> others(Connection connection, String tag, List<TablePattern> patterns)
      throws SQLException {
    List<OtherRelation> others = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(OTHERS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        TableName name = new TableName(tag, row.getString(1), row.getString(2));
        if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
          others.add(new OtherRelation(name, row.getString(3).charAt(0)));
        }
      }
    }
    return others;
  }

  Optional<String> columnsOfType(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  Optional<String> generatedColumns() {
    return generated;
  }

  /** How generated columns come into the stream, where the version knows how. */
  String[] generatedFix(int version) {
    return version < GENERATED_COLUMNS_SINCE
        ? new String[0]
        : new String[] {"ALTER PUBLICATION powersync SET (publish_generated_columns = stored)"};
  }
}
