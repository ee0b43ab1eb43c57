package org.powersync.jakarta.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** The payload of a token and the checks on it (sync API section 6.2, steps 5 to 9). */
final class Claims {
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Clocks may differ by so many seconds. */
  private static final int TOLERANCE = 60;

  /** 9999-12-31; what lies behind it is as good as this. */
  private static final double LAST_SECOND = 253_402_300_799.0;

  private final Map<String, Object> members;

  private Claims(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * Reads a payload; of a member given twice the last counts.
   *
   * @throws IOException if it is not a JSON object
   */
  static Claims parse(byte[] payload) throws IOException {
    JsonNode document = JSON.readTree(payload);
    if (!document.isObject()) {
      throw new IOException("the payload is not a JSON object");
    }
    return new Claims(object(document));
  }

  Map<String, Object> members() {
    return members;
  }

  Instant expires() {
    return Instant.ofEpochSecond((long) Math.min(number("exp"), LAST_SECOND));
  }

  /** Step 5. */
  void checkPresence() {
    for (String name : List.of("sub", "iat", "exp")) {
      if (!members.containsKey(name)) {
        throw refusal(ErrorCode.PSYNC_S2101, "The token lacks the required claim \"" + name + "\"");
      }
    }
    for (String name : List.of("iat", "exp", "nbf")) {
      if (members.containsKey(name) && !(members.get(name) instanceof Double)) {
        throw refusal(
            ErrorCode.PSYNC_S2101, "The claim \"" + name + "\" of the token must be a number");
      }
    }
  }

  /**
   * Step 6.
   *
   * @param now in seconds since the epoch
   */
  void checkTimes(long now) {
    if (number("exp") <= now - TOLERANCE) {
      throw refusal(ErrorCode.PSYNC_S2103, "The token has expired")
          .with("exp", whole("exp"))
          .with("now", now);
    }
    if (members.containsKey("nbf") && number("nbf") > now + TOLERANCE) {
      throw refusal(ErrorCode.PSYNC_S2101, "The token is not valid yet; check its claim \"nbf\"")
          .with("nbf", whole("nbf"))
          .with("now", now);
    }
  }

  /** A number of seconds as people read it. */
  private String whole(String name) {
    return BigDecimal.valueOf(number(name)).setScale(0, RoundingMode.FLOOR).toPlainString();
  }

  /** Step 7. */
  void checkAudience(List<String> accepted) {
    Object audience = members.get("aud");
    List<?> given =
        audience instanceof List<?> list ? list : List.of(audience == null ? Set.of() : audience);
    if (given.stream()
        .noneMatch(element -> element instanceof String && accepted.contains(element))) {
      throw refusal(
              ErrorCode.PSYNC_S2105,
              "The claim \"aud\" of the token is missing or names no accepted audience")
          .with("aud", LogText.of(audience))
          .with("accepted", accepted);
    }
  }

  /** Step 8. */
  void checkLifetime(Duration max) {
    double seconds = number("exp") - number("iat");
    if (seconds > max.toSeconds()) {
      throw refusal(
          ErrorCode.PSYNC_S2104,
          "The lifetime of the token (exp - iat) must be at most "
              + max.toSeconds()
              + " seconds, but is "
              + Math.round(seconds));
    }
  }

  /** Step 9. */
  void checkParameters() {
    Object parameters = members.get("parameters");
    if (parameters != null && !(parameters instanceof Map)) {
      throw refusal(
          ErrorCode.PSYNC_S2101, "The claim \"parameters\" of the token must be an object");
    }
  }

  private double number(String name) {
    return (Double) members.get(name);
  }

  private PowerSyncException refusal(ErrorCode code, String text) {
    return new PowerSyncException(code, text)
        .with("sub", LogText.of(members.get("sub")))
        .with("iss", LogText.of(members.get("iss")));
  }

  private static Map<String, Object> object(JsonNode node) {
    Map<String, Object> members = new LinkedHashMap<>();
    node.fields().forEachRemaining(field -> members.put(field.getKey(), plain(field.getValue())));
    return members;
  }

  private static Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> {
        List<Object> elements = new ArrayList<>(node.size());
        node.forEach(element -> elements.add(plain(element)));
        yield elements;
      }
      case STRING -> node.textValue();
      case NUMBER -> node.doubleValue();
      case BOOLEAN -> node.booleanValue();
      case NULL, MISSING, BINARY, POJO -> null;
    };
  }
}
