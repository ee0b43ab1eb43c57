package org.powersync.jakarta.connection;

import java.time.Duration;
import java.util.Optional;
import org.powersync.jakarta.connection.document.ConfigurationSection;

/**
 * How to reach one PostgreSQL database (configuration sections 4 and 5). Immutable and complete: a
 * value exists only if every required part is there and valid.
 *
 * @param hostname lower case, without brackets
 * @param port from 1024 to 65535
 * @param tls how the server is verified
 * @param restriction which addresses may not be connected to
 * @param connectTimeout limit of the TCP connect
 */
public record ConnectionSettings(
    String hostname,
    int port,
    String database,
    String username,
    Secret password,
    TlsSettings tls,
    AddressRestriction restriction,
    Duration connectTimeout) {

  /** Used unless the configuration gives a valid other one. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /**
   * Reads the connection keys of a source or of the storage. What is wrong is noted in the
   * section's problems, in the order of the specification; then the result is empty.
   */
  public static Optional<ConnectionSettings> read(ConfigurationSection section) {
    return new ConnectionSettingsReader(section).read();
  }

  /** The database's address without credentials, for messages and diagnostics. */
  public String baseUri() {
    String host = hostname.indexOf(':') < 0 ? hostname : "[" + hostname + "]";
    return "postgresql://" + host + ":" + port + "/" + database;
  }

  /** {@link #baseUri}; neither user nor password. */
  @Override
  public String toString() {
    return baseUri();
  }
}
