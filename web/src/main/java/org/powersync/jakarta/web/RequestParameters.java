package org.powersync.jakarta.web;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The one flat object a route gets: query parameters, overlaid by the members of a JSON body (sync
 * API section 1.2).
 */
final class RequestParameters {
  /** The largest body in bytes, unless a route says otherwise. */
  static final int DEFAULT_MAX_BODY = 1 << 20;

  private RequestParameters() {}

  /**
   * Query parameters by name; one given twice is a list, which no route accepts as a text.
   *
   * @param query as it came, or null
   */
  static Map<String, Object> ofQuery(String query) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (!name.isEmpty()) {
        parameters.merge(name, value, RequestParameters::both);
      }
    }
    return parameters;
  }

  private static Object both(Object before, Object value) {
    List<Object> all = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
    all.add(value);
    return all;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(400, "The query string has an invalid percent-encoding");
    }
  }

  /**
   * Lays the members of a body over parameters.
   *
   * @param contentType of the body, or null
   */
  static void overlayBody(Map<String, Object> parameters, String contentType, byte[] body) {
    if (contentType == null) {
      if (body.length > 0) {
        throw unsupported("A body needs a content type; use application/json");
      }
      return;
    }
    switch (mediaType(contentType)) {
      case "application/json" -> {
        if (json(body) instanceof Map<?, ?> members) {
          members.forEach((name, value) -> parameters.put((String) name, value));
        }
      }
      case "text/plain" -> {
        // Accepted and ignored, as clients were used to.
        return;
      }
      default -> throw unsupported("Unsupported media type; use application/json");
    }
  }

  /** The media type of a content type, in lower case and without parameters. */
  static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  private static Object json(byte[] body) {
    try {
      return RequestJson.parse(body);
    } catch (IOException e) {
      throw refused(400, "The body is not valid JSON");
    }
  }

  private static PowerSyncException unsupported(String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S2004, text);
  }

  private static PowerSyncException refused(int status, String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S2001, status, text, null);
  }
}
