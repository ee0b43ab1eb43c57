package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Finds tables in the catalogue of the source, all of them with one query (replication sections 2.1
 * and 3.2).
 */
public final class TableCatalogue {
  // Identity columns are what the server itself takes: the columns of an immediate, unique, valid
  // and complete index, without those it only includes. What is not streamed is not copied either:
  // generated columns, unless the publication says so (PostgreSQL 18), columns that the publication
  // does not list, and rows that do not meet its filter (PostgreSQL 15). Columns of the catalogue
  // that a version does not have read as null in JSON.
  private static final String QUERY =
      """
      WITH wanted AS (
        SELECT c.oid, n.nspname, min(p.ord) AS ord
        FROM unnest(?::text[], ?::boolean[], ?::text[], ?::boolean[])
               WITH ORDINALITY AS p(schema, schema_prefix, name, name_prefix, ord)
        JOIN pg_namespace n
          ON CASE WHEN p.schema_prefix
               THEN starts_with(n.nspname::text, p.schema)
                    AND NOT starts_with(n.nspname::text, 'pg_')
                    AND n.nspname <> 'information_schema'
               ELSE n.nspname = p.schema END
        JOIN pg_class c
          ON c.relnamespace = n.oid AND c.relkind = 'r'
         AND CASE WHEN p.name_prefix
               THEN starts_with(c.relname::text, p.name) ELSE c.relname = p.name END
        WHERE ?::oid[] IS NULL
        GROUP BY c.oid, n.nspname
        UNION ALL
        SELECT c.oid, n.nspname, 1
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = ANY (?::oid[]) AND c.relkind = 'r'
      ),
      published AS (
        SELECT schemaname, tablename, to_jsonb(t) -> 'attnames' AS columns,
               to_jsonb(t) ->> 'rowfilter' AS row_filter
        FROM pg_publication_tables t WHERE pubname = ?
      ),
      listed AS (
        SELECT r.prrelid, to_jsonb(r) ->> 'prattrs' IS NOT NULL AS columns_listed,
               to_jsonb(p) ->> 'pubgencols' IS NOT NULL AS may_generate
        FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid
        WHERE p.pubname = ?
      ),
      role AS (
        SELECT rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = current_user
      )
      SELECT c.oid, w.nspname, c.relname, c.relreplident, c.reltuples::bigint,
             p.tablename IS NOT NULL AS published,
             c.relrowsecurity AND NOT coalesce((SELECT sees_all FROM role), true) AS rows_hidden,
             a.attname, a.atttypid, format_type(a.atttypid, NULL),
             CASE c.relreplident
               WHEN 'f' THEN true
               WHEN 'n' THEN false
               ELSE a.attnum = ANY (i.columns) END AS identity,
             coalesce((SELECT columns_listed FROM listed WHERE prrelid = c.oid), false),
             p.row_filter
      FROM wanted w
      JOIN pg_class c ON c.oid = w.oid
      LEFT JOIN published p ON p.schemaname = w.nspname AND p.tablename = c.relname
      LEFT JOIN LATERAL (
        SELECT (x.indkey::int2[])[0:x.indnkeyatts - 1] AS columns
        FROM pg_index x
        WHERE x.indrelid = c.oid
          AND CASE c.relreplident WHEN 'd' THEN x.indisprimary WHEN 'i' THEN x.indisreplident
                ELSE false END
          AND x.indimmediate AND x.indisunique AND x.indisvalid AND x.indpred IS NULL
        LIMIT 1
      ) i ON true
      LEFT JOIN pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       AND (p.columns IS NULL OR jsonb_exists(p.columns, a.attname::text))
       AND (coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
            OR (to_jsonb(a) ->> 'attgenerated' = 's' AND p.columns IS NOT NULL
                AND EXISTS (SELECT FROM listed WHERE may_generate)))
      ORDER BY w.ord, w.nspname, c.relname, c.oid, a.attnum
      """;

  /** All that a copy of a table depends on, in the catalogue's own terms. */
  private static final String DEFINITION =
      """
      SELECT jsonb_build_array(n.nspname, c.relname, c.relkind, c.relreplident,
               (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
               (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.indexrelid)
                  FROM pg_index x WHERE x.indrelid = c.oid))::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid\
      """;

  private static final String AS_FOUND =
      """
      SELECT n.nspname = ? AND c.relname = ? AND ?::text[] = ARRAY(
               SELECT a.atttypid || ' ' || a.attname FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               ORDER BY a.attnum)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid
      """;

  private TableCatalogue() {}

  /**
   * The tables that match the patterns, in the order of the patterns, each once.
   *
   * @param tag of the connection; patterns of others are left out
   */
  public static List<CatalogueTable> matching(
      Connection connection, String tag, List<TablePattern> allPatterns) throws SQLException {
    List<TablePattern> patterns =
        allPatterns.stream().filter(pattern -> pattern.connectionTag().equals(tag)).toList();
    int count = patterns.size();
    String[] schemas = new String[count];
    Boolean[] schemaPrefixes = new Boolean[count];
    String[] names = new String[count];
    Boolean[] namePrefixes = new Boolean[count];
    for (int i = 0; i < count; i++) {
      TablePattern pattern = patterns.get(i);
      schemaPrefixes[i] = pattern.schemaWildcard();
      namePrefixes[i] = pattern.wildcard();
      schemas[i] = prefix(pattern.schema(), pattern.schemaWildcard());
      names[i] = prefix(pattern.name(), pattern.wildcard());
    }
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setArray(1, connection.createArrayOf("text", schemas));
      statement.setArray(2, connection.createArrayOf("boolean", schemaPrefixes));
      statement.setArray(3, connection.createArrayOf("text", names));
      statement.setArray(4, connection.createArrayOf("boolean", namePrefixes));
      statement.setString(5, null);
      statement.setString(6, null);
      return run(statement, tag);
    }
  }

  /** The table of an OID as it is called now; empty when it is gone. */
  public static Optional<CatalogueTable> byOid(Connection connection, String tag, long oid)
      throws SQLException {
    String oids = "{" + oid + "}";
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      for (int i = 1; i <= 4; i++) {
        statement.setString(i, "{}");
      }
      statement.setString(5, oids);
      statement.setString(6, oids);
      return run(statement, tag).stream().findFirst();
    }
  }

  /**
   * A text that changes whenever the table is changed; empty when it is gone. Unlike the other
   * questions this one locks no table, not even for a moment: the view of publications opens all
   * that are published.
   */
  static Optional<String> definition(Connection connection, long oid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DEFINITION)) {
      statement.setString(1, Long.toString(oid));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /**
   * Whether a table has the name and the columns that it was found with, all of which are
   * replicated; costs less than {@link #byOid} where there are many tables, and locks none.
   */
  static boolean unchanged(Connection connection, CatalogueTable found) throws SQLException {
    Object[] columns =
        found.columns().stream().map(column -> column.typeOid() + " " + column.name()).toArray();
    try (PreparedStatement statement = connection.prepareStatement(AS_FOUND)) {
      statement.setString(1, found.name().schema());
      statement.setString(2, found.name().name());
      statement.setArray(3, connection.createArrayOf("text", columns));
      statement.setString(4, Long.toString(found.oid()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static String prefix(String pattern, boolean wildcard) {
    return wildcard ? pattern.substring(0, pattern.length() - 1) : pattern;
  }

  private static List<CatalogueTable> run(PreparedStatement statement, String tag)
      throws SQLException {
    statement.setString(7, SourceChecks.PUBLICATION);
    statement.setString(8, SourceChecks.PUBLICATION);
    List<CatalogueTable> tables = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      CatalogueTable table = null;
      List<SourceColumn> columns = new ArrayList<>();
      while (row.next()) {
        if (table == null || table.oid() != row.getLong(1)) {
          add(tables, table, columns);
          table = header(row, tag);
          columns.clear();
        }
        if (row.getString(8) != null) {
          columns.add(
              new SourceColumn(
                  row.getString(8), row.getLong(9), row.getString(10), row.getBoolean(11)));
        }
      }
      add(tables, table, columns);
    }
    return tables;
  }

  private static CatalogueTable header(ResultSet row, String tag) throws SQLException {
    return new CatalogueTable(
        row.getLong(1),
        new TableName(tag, row.getString(2), row.getString(3)),
        ReplicaIdentity.of(row.getString(4).charAt(0)),
        List.of(),
        row.getLong(5),
        row.getBoolean(6),
        row.getBoolean(7),
        row.getBoolean(12),
        Optional.ofNullable(row.getString(13)));
  }

  private static void add(
      List<CatalogueTable> tables, CatalogueTable header, List<SourceColumn> columns) {
    if (header != null) {
      tables.add(
          new CatalogueTable(
              header.oid(),
              header.name(),
              header.identity(),
              columns,
              header.estimatedRows(),
              header.published(),
              header.rowsHidden(),
              header.columnList(),
              header.rowFilter()));
    }
  }
}
