package org.powersync.jakarta.replication.postgres.inspect;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.powersync.jakarta.replication.SourceInspection.QueryResult;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.replication.postgres.type.ValueDecoder;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Runs a statement of an operator (replication section 7.3). Stateless. */
final class SqlConsole {
  /** More would not fit on a page. */
  static final int MAX_ROWS = 10_000;

  private static final Compatibility LEGACY = Compatibility.ofEdition(1);
  private static final String NAME = "powersync_console";

  private SqlConsole() {}

  /** Never throws for what the caller sent; a failing statement throws the driver's exception. */
  static QueryResult execute(Connection connection, String sql, List<?> arguments)
      throws SQLException {
    List<String> types = new ArrayList<>();
    List<String> literals = new ArrayList<>();
    for (Object argument : arguments) {
      Optional<String> type = type(argument);
      if (type.isEmpty()) {
        return QueryResult.failed(
            "Arguments must be null, strings, numbers or booleans, not "
                + argument.getClass().getSimpleName());
      }
      types.add(type.get());
      literals.add(literal(argument));
    }
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(MAX_ROWS + 1);
      if (arguments.isEmpty()) {
        return results(connection, statement, sql);
      }
      // The driver's own placeholders are question marks; these are the server's, with types.
      statement.execute("SET standard_conforming_strings = on");
      statement.execute("PREPARE " + NAME + " (" + String.join(", ", types) + ") AS " + sql);
      try {
        return results(
            connection, statement, "EXECUTE " + NAME + " (" + String.join(", ", literals) + ")");
      } finally {
        statement.execute("DEALLOCATE " + NAME);
      }
    }
  }

  private static Optional<String> type(Object argument) {
    if (argument == null || argument instanceof String) {
      return Optional.of("varchar");
    }
    if (argument instanceof Boolean) {
      return Optional.of("bool");
    }
    if (argument instanceof Number number) {
      return Optional.of(integral(number) ? "int8" : "float8");
    }
    return Optional.empty();
  }

  private static boolean integral(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte
        || number instanceof BigInteger;
  }

  private static String literal(Object argument) {
    return argument == null ? "NULL" : "'" + argument.toString().replace("'", "''") + "'";
  }

  private static QueryResult results(Connection connection, Statement statement, String sql)
      throws SQLException {
    if (!statement.execute(sql)) {
      return new QueryResult(true, List.of(), List.of(), Optional.empty());
    }
    try (ResultSet row = statement.getResultSet()) {
      ResultSetMetaData meta = row.getMetaData();
      List<ValueDecoder> decoders = decoders(connection, meta);
      List<List<Object>> rows = new ArrayList<>();
      while (row.next()) {
        if (rows.size() == MAX_ROWS) {
          return QueryResult.failed("More than " + MAX_ROWS + " rows; add a LIMIT");
        }
        rows.add(values(row, decoders));
      }
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        names.add(meta.getColumnLabel(i));
      }
      return new QueryResult(true, names, rows, Optional.empty());
    }
  }

  private static List<ValueDecoder> decoders(Connection connection, ResultSetMetaData meta)
      throws SQLException {
    List<Long> oids = new ArrayList<>();
    BaseConnection driver = connection.unwrap(BaseConnection.class);
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      oids.add(Integer.toUnsignedLong(driver.getTypeInfo().getPGType(meta.getColumnTypeName(i))));
    }
    TypeRegistry types = new TypeRegistry();
    return oids.stream()
        .map(oid -> types.decoder(oid, LEGACY, ReadPath.SNAPSHOT))
        .collect(Collectors.toList());
  }

  private static List<Object> values(ResultSet row, List<ValueDecoder> decoders)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < decoders.size(); i++) {
      String text = row.getString(i + 1);
      values.add(text == null ? null : plain(decode(decoders.get(i), text)));
    }
    return values;
  }

  private static SqlValue decode(ValueDecoder decoder, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return decoder.decode(utf8, 0, utf8.length);
  }

  private static Object plain(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value();
    }
    if (value instanceof SqlValue.Int integer) {
      return integer.value();
    }
    return value instanceof SqlValue.Real real && Double.isFinite(real.value())
        ? real.value()
        : null;
  }
}
