package org.powersync.jakarta.connection;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Opens connections to one database, each on its own: no pool. For LISTEN, for sources and for
 * replication, and below the pool of the server. Immutable, safe for all threads; the caller closes
 * what it opens.
 */
public final class PostgresConnections {
  /** Replication section 4.6. */
  private static final List<String> SOURCE_SESSION =
      List.of(
          "SET TimeZone = 'UTC'",
          "SET DateStyle = 'ISO, MDY'",
          "SET IntervalStyle = 'postgres'",
          "SET bytea_output = 'hex'",
          "SET extra_float_digits = 1",
          "SET client_encoding = 'UTF8'");

  private final ConnectionSettings settings;
  private final SocketPolicy policy;

  public PostgresConnections(ConnectionSettings settings) {
    this.settings = settings;
    TlsSockets tls =
        settings.tls().mode() == SslMode.DISABLE ? null : TlsSockets.of(settings.tls());
    this.policy =
        new SocketPolicy(settings.restriction(), settings.connectTimeout(), tls, Optional.empty());
  }

  public ConnectionSettings settings() {
    return settings;
  }

  /**
   * Opens a connection, in auto-commit mode.
   *
   * @throws SQLException of the driver, or with the PSYNC code of an address that is rejected; its
   *     text holds no credentials
   */
  public Connection open(ConnectionOptions options) throws SQLException {
    return open(options, policy);
  }

  /**
   * As {@link #open(ConnectionOptions)}.
   *
   * @param incoming becomes that of this connection; of no other before
   */
  public Connection open(ConnectionOptions options, IncomingData incoming) throws SQLException {
    return open(options, policy.with(incoming));
  }

  private Connection open(ConnectionOptions options, SocketPolicy sockets) throws SQLException {
    try (SocketPolicy.Registration registration = sockets.register()) {
      Connection connection = new Driver().connect(url(), properties(options, registration.name()));
      if (options.sourceSession()) {
        prepareSourceSession(connection);
      }
      return connection;
    } catch (SQLException e) {
      throw refusalIn(e).orElse(e);
    }
  }

  /** Our own refusal is hidden below the driver's "connection attempt failed". */
  private static Optional<SQLException> refusalIn(SQLException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PowerSyncException refusal) {
        return Optional.of(
            new SQLNonTransientConnectionException(refusal.getMessage(), "08001", e));
      }
    }
    return Optional.empty();
  }

  private String url() {
    String host = settings.hostname();
    return "jdbc:postgresql://"
        + (host.indexOf(':') < 0 ? host : "[" + host + "]")
        + ":"
        + settings.port()
        + "/"
        + URLEncoder.encode(settings.database(), StandardCharsets.UTF_8);
  }

  private Properties properties(ConnectionOptions options, String policyName) {
    Properties properties = new Properties();
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.APPLICATION_NAME.set(properties, options.applicationName());
    PGProperty.SOCKET_TIMEOUT.set(properties, wholeSeconds(options));
    properties.putAll(options.properties());
    PGProperty.USER.set(properties, settings.username());
    PGProperty.PASSWORD.set(properties, settings.password().reveal());
    PGProperty.SOCKET_FACTORY.set(properties, RestrictedSocketFactory.class.getName());
    PGProperty.SOCKET_FACTORY_ARG.set(properties, policyName);
    if (policy.tls() == null) {
      PGProperty.SSL_MODE.set(properties, "disable");
    } else {
      PGProperty.SSL_MODE.set(properties, "require");
      PGProperty.SSL_FACTORY.set(properties, PemSocketFactory.class.getName());
      PGProperty.SSL_FACTORY_ARG.set(properties, policyName);
    }
    if (options.replication()) {
      PGProperty.REPLICATION.set(properties, "database");
    }
    return properties;
  }

  private static int wholeSeconds(ConnectionOptions options) {
    return (int) ((options.socketTimeout().toMillis() + 999) / 1000);
  }

  private static void prepareSourceSession(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String setting : SOURCE_SESSION) {
        statement.execute(setting);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The database's address, without credentials. */
  @Override
  public String toString() {
    return settings.toString();
  }
}
