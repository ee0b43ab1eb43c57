package org.powersync.jakarta.syncconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The values in recorded vectors. */
final class VectorValues {
  private VectorValues() {}

  /** A typed value. */
  static SqlValue typed(JsonNode node) {
    if (node.isNull()) {
      return SqlValue.NULL;
    }
    if (node.isTextual()) {
      return SqlValue.of(node.asText());
    }
    String kind = node.fieldNames().next();
    String text = node.get(kind).asText();
    return switch (kind) {
      case "int" -> SqlValue.of(new BigInteger(text));
      case "real" -> SqlValue.of(Double.parseDouble(text));
      case "blob" -> new SqlValue.Blob(HexFormat.of().parseHex(text));
      case "undefined" -> SqlValue.ABSENT;
      case "json" -> new SqlValue.RawJson(json(text));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static Object json(String text) {
    try {
      return JsonReader.read(text, JsonReader.Numbers.DOUBLES);
    } catch (JsonReader.MalformedJsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The columns of a row. */
  static Map<String, SqlValue> columns(JsonNode row) {
    Map<String, SqlValue> columns = new LinkedHashMap<>();
    row.fields().forEachRemaining(field -> columns.put(field.getKey(), typed(field.getValue())));
    return columns;
  }

  /** A row of results as comparable map. */
  static Map<String, SqlValue> columns(OutputRow row) {
    Map<String, SqlValue> columns = new LinkedHashMap<>();
    for (int i = 0; i < row.names().size(); i++) {
      columns.put(row.names().get(i), row.values().get(i));
    }
    return columns;
  }

  /** A lookup, {@code [name, query id, value...]}. */
  static ParameterLookup lookup(JsonNode node) {
    List<SqlValue> values = new ArrayList<>();
    for (int i = 2; i < node.size(); i++) {
      values.add(typed(node.get(i)));
    }
    return new ParameterLookup(node.get(0).asText(), node.get(1).asText(), values);
  }

  /** What would be stored with a config. */
  static JsonNode storedPlan(SyncConfig config) {
    try {
      return new ObjectMapper().readTree(config.storedPlan().orElseThrow());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A sync request; all its numbers are doubles. */
  static SyncRequest request(JsonNode node) {
    JsonNode streams = node.path("streams");
    List<SyncRequest.Subscription> subscriptions = new ArrayList<>();
    for (JsonNode subscription : streams.path("subscriptions")) {
      JsonNode priority = subscription.path("override_priority");
      subscriptions.add(
          new SyncRequest.Subscription(
              subscription.get("stream").asText(),
              object(subscription.path("parameters")),
              priority.isInt()
                  ? java.util.OptionalInt.of(priority.asInt())
                  : java.util.OptionalInt.empty()));
    }
    return new SyncRequest(
        object(node.path("token")),
        object(node.path("parameters")),
        streams.path("include_defaults").asBoolean(true),
        subscriptions);
  }

  private static Map<String, Object> object(JsonNode node) {
    Map<String, Object> object = new LinkedHashMap<>();
    node.fields().forEachRemaining(field -> object.put(field.getKey(), plain(field.getValue())));
    return object;
  }

  private static Object plain(JsonNode node) {
    if (node.isObject()) {
      return object(node);
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(plain(element)));
      return list;
    }
    if (node.isNumber()) {
      return node.asDouble();
    }
    return node.isNull() ? null : node.isBoolean() ? (Object) node.asBoolean() : node.asText();
  }
}
