package org.powersync.jakarta.connection;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The parts of {@code postgresql://user:pass@host:port/database?query}. Hand-made, since {@link
 * java.net.URI} refuses many passwords that are in use and quotes the whole text when it does.
 *
 * <p>User, password and database are percent-decoded; a {@code %} without two hexadecimal digits
 * stays as it is. Port and query are not validated here.
 */
record ConnectionUri(
    Optional<String> username,
    Optional<Secret> password,
    Optional<String> hostname,
    Optional<String> port,
    Optional<String> database,
    Map<String, String> query) {

  /**
   * Takes a URI apart.
   *
   * @throws PowerSyncException PSYNC_S1109, without any part of the text
   */
  static ConnectionUri parse(String uri) {
    int colon = uri.indexOf("://");
    String scheme = colon < 0 ? "" : uri.substring(0, colon);
    if (!scheme.equalsIgnoreCase("postgresql") && !scheme.equalsIgnoreCase("postgres")) {
      throw invalid("must start with postgresql:// or postgres://");
    }
    String rest = cutAt(uri.substring(colon + 3), '#');
    int question = rest.indexOf('?');
    String query = question < 0 ? "" : rest.substring(question + 1);
    rest = question < 0 ? rest : rest.substring(0, question);
    int slash = rest.indexOf('/');
    String database = slash < 0 ? "" : rest.substring(slash + 1);
    String authority = slash < 0 ? rest : rest.substring(0, slash);

    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    String address = authority.substring(at + 1);
    int separator = user.indexOf(':');
    String password = separator < 0 ? "" : user.substring(separator + 1);
    user = separator < 0 ? user : user.substring(0, separator);

    int portColon = address.startsWith("[") ? address.indexOf("]:") + 1 : address.indexOf(':');
    boolean hasPort = portColon > 0 || address.startsWith(":");
    String host = hasPort ? address.substring(0, portColon) : address;
    String port = hasPort ? address.substring(portColon + 1) : "";
    if (address.indexOf(',') >= 0) {
      throw invalid("must name one host only");
    }
    if (address.startsWith("[") && !host.endsWith("]")) {
      throw invalid("has an IPv6 address without closing bracket");
    }
    return new ConnectionUri(
        part(user),
        part(password).map(Secret::of),
        present(host),
        present(port),
        part(database),
        query(query));
  }

  private static PowerSyncException invalid(String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S1109, text);
  }

  private static String cutAt(String text, char end) {
    int index = text.indexOf(end);
    return index < 0 ? text : text.substring(0, index);
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Optional<String> part(String text) {
    return present(percentDecode(text));
  }

  private static Map<String, String> query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            percentDecode(pair.substring(0, equals)), percentDecode(pair.substring(equals + 1)));
      }
    }
    return Map.copyOf(parameters);
  }

  static String percentDecode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Without the parts, which hold credentials. */
  @Override
  public String toString() {
    return "ConnectionUri";
  }
}
