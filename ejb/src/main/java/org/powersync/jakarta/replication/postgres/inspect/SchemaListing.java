package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.replication.SourceInspection.Column;
import org.powersync.jakarta.replication.SourceInspection.Schema;
import org.powersync.jakarta.replication.SourceInspection.Table;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;

/** Lists what the role of a connection may use (replication section 7.2). Stateless. */
final class SchemaListing {
  /** Custom types applied: what a column is on clients under the present edition. */
  private static final Compatibility WITH_CUSTOM_TYPES = Compatibility.ofEdition(3);

  private static final String QUERY =
      """
      SELECT n.nspname, c.oid, c.relname, a.attname, a.atttypid,
             format_type(a.atttypid, a.atttypmod),
             CASE WHEN t.typname LIKE '\\_%' THEN substr(t.typname, 2) || '[]'
               ELSE t.typname END
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       AND has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES')
      LEFT JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'r' AND c.relnatts > 0
        AND n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_toast')
        AND NOT starts_with(n.nspname::text, 'pg_temp_')
        AND NOT starts_with(n.nspname::text, 'pg_toast_temp_')
        AND has_schema_privilege(n.oid, 'USAGE')
        AND (has_table_privilege(
               c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
             OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
      ORDER BY n.nspname, c.relname, c.oid, a.attnum
      """;

  private SchemaListing() {}

  private record Found(
      String schema, String table, String column, long typeOid, String type, String pgType) {}

  static List<Schema> read(Connection connection) throws SQLException {
    List<Found> rows = rows(connection);
    Set<Long> oids = new HashSet<>();
    rows.stream().filter(row -> row.column() != null).forEach(row -> oids.add(row.typeOid()));
    TypeRegistry types = new TypeRegistry();
    types.resolve(connection, oids);
    Map<String, Map<String, List<Column>>> schemas = new LinkedHashMap<>();
    for (Found row : rows) {
      List<Column> columns =
          schemas
              .computeIfAbsent(row.schema(), name -> new LinkedHashMap<>())
              .computeIfAbsent(row.table(), name -> new ArrayList<>());
      if (row.column() != null) {
        int flag =
            types.decoder(row.typeOid(), WITH_CUSTOM_TYPES, ReadPath.SNAPSHOT).sqliteType().flag();
        columns.add(new Column(row.column(), flag, row.type(), row.pgType()));
      }
    }
    return schemas.entrySet().stream()
        .map(schema -> new Schema(schema.getKey(), tables(schema.getValue())))
        .toList();
  }

  private static List<Table> tables(Map<String, List<Column>> tables) {
    return tables.entrySet().stream()
        .map(table -> new Table(table.getKey(), table.getValue()))
        .toList();
  }

  private static List<Found> rows(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY);
        ResultSet row = statement.executeQuery()) {
      List<Found> found = new ArrayList<>();
      while (row.next()) {
        found.add(
            new Found(
                row.getString(1),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getString(6),
                row.getString(7)));
      }
      return found;
    }
  }
}
