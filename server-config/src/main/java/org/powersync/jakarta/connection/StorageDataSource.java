package org.powersync.jakarta.connection;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Set;
import java.util.function.Supplier;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The bucket storage as a {@link javax.sql.DataSource}, for the server's pool. Finds the storage by
 * itself ({@link StorageLocation}) at the first connection, because whatever passes through the
 * server's configuration may be printed by it; until the settings are found, every connection tries
 * again. Safe for all threads once its properties are set.
 *
 * <p>Tuning properties of the driver may be set ({@code reWriteBatchedInserts}, {@code
 * socketTimeout}, …). Setters for address, credentials and TLS are refused, and there is no
 * password to get.
 */
public final class StorageDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  private static final Set<PGProperty> OWN =
      Set.of(
          PGProperty.USER,
          PGProperty.PASSWORD,
          PGProperty.PG_HOST,
          PGProperty.PG_PORT,
          PGProperty.PG_DBNAME,
          PGProperty.SSL,
          PGProperty.SSL_MODE,
          PGProperty.SSL_FACTORY,
          PGProperty.SSL_FACTORY_ARG,
          PGProperty.SSL_CERT,
          PGProperty.SSL_KEY,
          PGProperty.SSL_PASSWORD,
          PGProperty.SSL_PASSWORD_CALLBACK,
          PGProperty.SSL_HOSTNAME_VERIFIER,
          PGProperty.SSL_ROOT_CERT,
          PGProperty.SOCKET_FACTORY,
          PGProperty.SOCKET_FACTORY_ARG,
          PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME);

  private final transient Supplier<ConnectionSettings> location;
  private transient volatile PostgresConnections connections;

  /** For the server, which creates it by class name. */
  public StorageDataSource() {
    this(StorageLocation::find);
  }

  StorageDataSource(Supplier<ConnectionSettings> location) {
    this.location = location;
  }

  /**
   * Opens a connection.
   *
   * @throws SQLException with the PSYNC code in its text if the configuration is wrong
   */
  @Override
  public Connection getConnection() throws SQLException {
    return connections().open(options());
  }

  /** Like {@link #getConnection()}; credentials come from the configuration only. */
  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    if (user != null) {
      throw new SQLNonTransientConnectionException(refusal("user"));
    }
    return getConnection();
  }

  private PostgresConnections connections() throws SQLException {
    PostgresConnections known = connections;
    if (known == null) {
      try {
        known = new PostgresConnections(location.get());
      } catch (PowerSyncException e) {
        throw new SQLNonTransientConnectionException(e.getMessage(), "08001");
      }
      // Two threads may get here at once; their results are the same.
      connections = known;
    }
    return known;
  }

  private ConnectionOptions options() {
    ConnectionOptions options =
        ConnectionOptions.named("powersync-storage/" + ProductVersion.text());
    for (PGProperty property : PGProperty.values()) {
      String value = OWN.contains(property) ? null : super.getProperty(property);
      if (value != null && !value.equals(property.getDefaultValue())) {
        options = options.with(property.getName(), value);
      }
    }
    return options;
  }

  @Override
  public void setProperty(String name, String value) throws SQLException {
    PGProperty property = PGProperty.forName(name);
    if (property == null) {
      throw new SQLException("The driver has no property of this name: " + name);
    }
    setProperty(property, value);
  }

  @Override
  public void setProperty(PGProperty property, String value) {
    if (OWN.contains(property)) {
      throw new IllegalArgumentException(refusal(property.getName()));
    }
    super.setProperty(property, value);
  }

  @Override
  public void setUser(String user) {
    throw new IllegalArgumentException(refusal("user"));
  }

  @Override
  public void setPassword(String password) {
    throw new IllegalArgumentException(refusal("password"));
  }

  @Override
  public void setURL(String url) {
    throw new IllegalArgumentException(refusal("URL"));
  }

  @Override
  public void setUrl(String url) {
    throw new IllegalArgumentException(refusal("url"));
  }

  @Override
  public void setSslpassword(String password) {
    throw new IllegalArgumentException(refusal("sslpassword"));
  }

  private static String refusal(String property) {
    return property + " cannot be set here; it comes from the service configuration";
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(StorageDataSource.class.getName());
  }

  @Override
  public String getDescription() {
    return "PowerSync bucket storage";
  }

  @Override
  public String toString() {
    PostgresConnections known = connections;
    return "StorageDataSource[" + (known == null ? "not connected yet" : known) + "]";
  }
}
