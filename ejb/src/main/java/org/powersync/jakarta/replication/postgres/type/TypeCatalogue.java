package org.powersync.jakarta.replication.postgres.type;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads descriptions of types from {@code pg_type} and its neighbours. */
final class TypeCatalogue {
  private static final int MULTIRANGE_VERSION = 14;

  /**
   * An array is true only if it is <em>the</em> array type of its element: {@code line} and {@code
   * name} have elements as well. Composites list live attributes, so that neither dropped ones nor
   * the system columns of a table's row type show up.
   */
  private static final String DESCRIBE =
      """
      SELECT t.oid::int8, t.typtype::text, t.typbasetype::int8,
             e.oid::int8 AS element, e.typdelim::text AS delimiter,
             r.rngsubtype::int8 AS subtype,
             ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                    ORDER BY a.attnum) AS names,
             ARRAY(SELECT a.atttypid::int8 FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                    ORDER BY a.attnum) AS types
        FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
        LEFT JOIN pg_catalog.pg_range r ON %s
       WHERE t.oid = ANY (CAST(? AS oid[]))
      """;

  private static final String RANGES = "r.rngtypid = t.oid";
  private static final String RANGES_AND_MULTIRANGES = "t.oid IN (r.rngtypid, r.rngmultitypid)";

  private TypeCatalogue() {}

  /** The types that exist, in one query. */
  static Map<Long, PgType> describe(Connection connection, Collection<Long> oids)
      throws SQLException {
    boolean multiranges = connection.getMetaData().getDatabaseMajorVersion() >= MULTIRANGE_VERSION;
    String sql = DESCRIBE.formatted(multiranges ? RANGES_AND_MULTIRANGES : RANGES);
    Map<Long, PgType> types = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(
          1, oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          types.put(row.getLong("oid"), type(row));
        }
      }
    }
    return types;
  }

  private static PgType type(ResultSet row) throws SQLException {
    return switch (row.getString("typtype")) {
      case "d" -> new PgType.Domain(row.getLong("typbasetype"));
      case "c" -> composite(row);
      case "r" -> new PgType.Range(row.getLong("subtype"));
      case "m" -> new PgType.Multirange(row.getLong("subtype"));
      case "b" -> {
        long element = row.getLong("element");
        yield row.wasNull()
            ? PgType.OPAQUE
            : new PgType.Array(element, row.getString("delimiter").charAt(0));
      }
      default -> PgType.OPAQUE;
    };
  }

  private static PgType composite(ResultSet row) throws SQLException {
    List<String> names = List.of((String[]) content(row.getArray("names")));
    List<Long> types = new ArrayList<>();
    for (Object oid : content(row.getArray("types"))) {
      types.add((Long) oid);
    }
    return new PgType.Composite(names, types);
  }

  private static Object[] content(Array array) throws SQLException {
    try {
      return (Object[]) array.getArray();
    } finally {
      array.free();
    }
  }
}
