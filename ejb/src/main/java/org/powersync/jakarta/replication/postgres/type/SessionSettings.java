package org.powersync.jakarta.replication.postgres.type;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The session settings that the text of values depends on. Required on every connection whose
 * values are decoded, replication connections included, before {@code START_REPLICATION}
 * (replication section 4.6).
 */
public final class SessionSettings {
  /** One statement per setting. */
  public static final List<String> STATEMENTS =
      List.of(
          "SET TimeZone = 'UTC'",
          "SET DateStyle = 'ISO, MDY'",
          "SET IntervalStyle = 'postgres'",
          "SET bytea_output = 'hex'",
          "SET extra_float_digits = 1",
          "SET client_encoding = 'UTF8'");

  private SessionSettings() {}

  /** Applies the settings to a connection, in simple or extended query mode. */
  public static void apply(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    }
  }
}
