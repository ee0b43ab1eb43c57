package org.powersync.jakarta.syncconfig.sqlite;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Real SQLite: evaluates expressions over the columns a, b and c, which have no affinity. */
final class Sqlite implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Sqlite() {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the expression gives; a failure of the evaluation is one result, too. */
  Result evaluate(String expression, List<SqlValue> values) {
    PreparedStatement statement = statements.computeIfAbsent(expression, this::prepare);
    try {
      for (int i = 0; i < values.size(); i++) {
        bind(statement, i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Result.Value(value(row.getObject(1)));
      }
    } catch (SQLException e) {
      // A statement that failed goes on failing.
      statements.remove(expression);
      return new Result.Failed();
    }
  }

  private PreparedStatement prepare(String expression) {
    try {
      return connection.prepareStatement(
          "SELECT " + expression + " FROM (SELECT ?1 AS a, ?2 AS b, ?3 AS c)");
    } catch (SQLException e) {
      throw new IllegalArgumentException(expression, e);
    }
  }

  private static void bind(PreparedStatement statement, int index, SqlValue value)
      throws SQLException {
    if (value instanceof SqlValue.Int integer) {
      statement.setLong(index, integer.value());
    } else if (value instanceof SqlValue.Real real) {
      statement.setDouble(index, real.value());
    } else if (value instanceof SqlValue.Text text) {
      statement.setString(index, text.value());
    } else if (value instanceof SqlValue.Blob blob) {
      statement.setBytes(index, blob.bytes());
    } else {
      statement.setObject(index, null);
    }
  }

  private static SqlValue value(Object value) {
    if (value instanceof Number number) {
      return number instanceof Double real ? SqlValue.of(real) : SqlValue.of(number.longValue());
    }
    if (value instanceof byte[] bytes) {
      return new SqlValue.Blob(bytes);
    }
    return SqlValue.of((String) value);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
