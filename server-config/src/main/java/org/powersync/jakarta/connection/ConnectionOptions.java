package org.powersync.jakarta.connection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one connection is for.
 *
 * @param applicationName shown in {@code pg_stat_activity}
 * @param socketTimeout limit of waiting for the server, in whole seconds; zero = none
 * @param replication whether it speaks the replication protocol ({@code replication=database})
 * @param sourceSession whether the session prints values in the one form that replication decodes
 * @param properties further properties of the driver, by their names; they win over the others,
 *     address, credentials and TLS excepted
 */
public record ConnectionOptions(
    String applicationName,
    Duration socketTimeout,
    boolean replication,
    boolean sourceSession,
    Map<String, String> properties) {

  /** Silence after which a connection is given up (replication section 6.4). */
  public static final Duration DEFAULT_SOCKET_TIMEOUT = Duration.ofSeconds(360);

  public ConnectionOptions {
    Objects.requireNonNull(applicationName, "applicationName");
    properties = Map.copyOf(properties);
  }

  /** An ordinary session. */
  public static ConnectionOptions named(String applicationName) {
    return new ConnectionOptions(applicationName, DEFAULT_SOCKET_TIMEOUT, false, false, Map.of());
  }

  public ConnectionOptions withSocketTimeout(Duration timeout) {
    return new ConnectionOptions(applicationName, timeout, replication, sourceSession, properties);
  }

  /** Of a source: values come as text, in the form of replication section 4.6. */
  public ConnectionOptions forSource() {
    return new ConnectionOptions(applicationName, socketTimeout, replication, true, properties)
        .withTextResults();
  }

  /** For a replication stream of a source. */
  public ConnectionOptions forReplication() {
    return new ConnectionOptions(applicationName, socketTimeout, true, true, properties)
        .with("preferQueryMode", "simple")
        .with("assumeMinServerVersion", "11");
  }

  /** Never prepares on the server, so that results stay the server's text. */
  public ConnectionOptions withTextResults() {
    return with("prepareThreshold", "0");
  }

  /** With a property of the driver. */
  public ConnectionOptions with(String property, String value) {
    Map<String, String> all = new HashMap<>(properties);
    all.put(property, value);
    return new ConnectionOptions(applicationName, socketTimeout, replication, sourceSession, all);
  }
}
