package org.powersync.jakarta.connection;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.powersync.jakarta.connection.document.ConfigurationSection;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Merges the keys of a connection section with its URI; a key of its own wins over the URI. Checks
 * in the order of configuration section 4.
 */
final class ConnectionSettingsReader {
  private static final int DEFAULT_PORT = 5432;
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65535;

  private final ConfigurationSection section;
  private final int errorsBefore;

  ConnectionSettingsReader(ConfigurationSection section) {
    this.section = section;
    this.errorsBefore = section.problems().errors().size();
  }

  Optional<ConnectionSettings> read() {
    Optional<String> uriText = present(section.text("uri"));
    Optional<String> hostKey = present(section.text("hostname"));
    Optional<String> portKey = present(section.textOrNumber("port"));
    Optional<String> userKey = present(section.text("username"));
    Optional<String> passwordKey = present(section.text("password"));
    Optional<String> databaseKey = present(section.text("database"));
    Optional<SslMode> mode = section.choice("sslmode", SslMode.texts()).flatMap(SslMode::of);
    Optional<String> ca = present(section.text("cacert"));
    Optional<String> certificate = present(section.text("client_certificate"));
    Optional<String> privateKey = present(section.text("client_private_key"));
    Optional<String> serverName = present(section.text("tls_servername"));
    List<String> ranges = section.texts("reject_ip_ranges");
    OptionalDouble timeoutKey = section.number("connect_timeout");
    if (failed()) {
      return Optional.empty();
    }

    Optional<ConnectionUri> parsed = parse(uriText);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    ConnectionUri uri = parsed.get();
    int port = port(portKey.or(uri::port));
    if (mode.orElse(SslMode.VERIFY_FULL) == SslMode.VERIFY_CA && ca.isEmpty()) {
      section.error(
          ErrorCode.PSYNC_S1104, "cacert", "sslmode verify-ca needs the CA's certificate as PEM");
    }
    String host = required(hostKey.or(uri::hostname), "hostname", ErrorCode.PSYNC_S1106);
    String user = required(userKey.or(uri::username), "username", ErrorCode.PSYNC_S1107);
    Optional<Secret> password = passwordKey.map(Secret::of).or(uri::password);
    required(password.map(secret -> "set"), "password", ErrorCode.PSYNC_S1108);
    String database = required(databaseKey.or(uri::database), "database", ErrorCode.PSYNC_S1105);
    host = withoutBrackets(host).toLowerCase(Locale.ROOT);
    AddressRestriction restriction = restriction(ranges, host);
    boolean hasClientKey = certificate.isPresent() && privateKey.isPresent();
    TlsSettings tls =
        new TlsSettings(
            mode.orElse(SslMode.VERIFY_FULL),
            ca,
            certificate.filter(c -> hasClientKey),
            privateKey.filter(k -> hasClientKey).map(Secret::of),
            serverName);
    checkCertificates(tls);
    if (failed()) {
      return Optional.empty();
    }
    return Optional.of(
        new ConnectionSettings(
            host,
            port,
            database,
            user,
            password.orElseThrow(),
            tls,
            restriction,
            connectTimeout(timeoutKey, uri.query())));
  }

  private boolean failed() {
    return section.problems().errors().size() > errorsBefore;
  }

  private static Optional<String> present(Optional<String> text) {
    return text.filter(t -> !t.isEmpty());
  }

  private Optional<ConnectionUri> parse(Optional<String> uri) {
    try {
      return Optional.of(
          uri.map(ConnectionUri::parse)
              .orElseGet(
                  () ->
                      new ConnectionUri(
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          Map.of())));
    } catch (PowerSyncException e) {
      section.error(e.code(), "uri", e.text());
      return Optional.empty();
    }
  }

  private int port(Optional<String> text) {
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(text.get().trim());
      if (port >= MIN_PORT && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Not a number: the same message as for a number out of range.
    }
    section.error(
        ErrorCode.PSYNC_S1110,
        section.has("port") ? "port" : "uri",
        "the port must be a whole number from " + MIN_PORT + " to " + MAX_PORT);
    return DEFAULT_PORT;
  }

  private String required(Optional<String> value, String key, ErrorCode code) {
    if (value.isEmpty()) {
      section.error(code, key, "a " + key + " is required; set it here or in uri");
    }
    return value.orElse("");
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private AddressRestriction restriction(List<String> ranges, String host) {
    try {
      AddressRestriction restriction = AddressRestriction.of(ranges);
      Optional<InetAddress> literal = AddressRestriction.literal(host);
      if (literal.isPresent() && restriction.rejects(literal.get())) {
        section.error(
            ErrorCode.PSYNC_S2203, "reject_ip_ranges", "the host's own address is rejected");
      }
      return restriction;
    } catch (PowerSyncException e) {
      section.error(e.code(), "reject_ip_ranges", e.text());
      return AddressRestriction.NONE;
    }
  }

  private void checkCertificates(TlsSettings tls) {
    if (tls.mode() == SslMode.DISABLE) {
      return;
    }
    try {
      TlsSockets.of(tls);
    } catch (PowerSyncException e) {
      String key = String.valueOf(e.context().getOrDefault("key", "sslmode"));
      section.error(e.code(), key, e.text());
    }
  }

  private static Duration connectTimeout(OptionalDouble explicit, Map<String, String> query) {
    if (explicit.isPresent()) {
      return seconds(explicit.getAsDouble());
    }
    try {
      return seconds(Double.parseDouble(query.getOrDefault("connect_timeout", "NaN")));
    } catch (NumberFormatException e) {
      return ConnectionSettings.DEFAULT_CONNECT_TIMEOUT;
    }
  }

  private static Duration seconds(double seconds) {
    boolean valid = seconds > 0 && seconds * 1000 <= Integer.MAX_VALUE;
    return valid
        ? Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)))
        : ConnectionSettings.DEFAULT_CONNECT_TIMEOUT;
  }
}
