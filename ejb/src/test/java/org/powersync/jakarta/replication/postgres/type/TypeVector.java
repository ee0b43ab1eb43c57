package org.powersync.jakarta.replication.postgres.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** One vector of {@code pg-types}: a value of a column type and what it becomes. */
record TypeVector(JsonNode node) {
  private static final Map<String, Integer> PRECISIONS =
      Map.of("seconds", 0, "milliseconds", 3, "microseconds", 6, "nanoseconds", 9);

  String id() {
    return node.get("id").asText();
  }

  String sql() {
    return node.get("sql").asText();
  }

  /** What PostgreSQL prints; null for NULL. */
  String text() {
    return node.get("text").isNull() ? null : node.get("text").asText();
  }

  /** Option lists with the result each expects on this path. */
  Map<String, JsonNode> expectations(ReadPath path) {
    Map<String, JsonNode> all = new HashMap<>();
    put(all, "expect", "edition=");
    put(all, "expect_options", "");
    if (path == ReadPath.SNAPSHOT) {
      put(all, "expect_snapshot", "edition=");
      put(all, "expect_options_snapshot", "");
    }
    return all;
  }

  private void put(Map<String, JsonNode> all, String member, String prefix) {
    JsonNode expectations = node.path(member);
    for (Map.Entry<String, JsonNode> entry : expectations.properties()) {
      all.put(prefix + entry.getKey(), entry.getValue());
    }
  }

  static Compatibility compatibility(String options) {
    Map<String, String> given = new HashMap<>();
    for (String option : options.split(",")) {
      given.put(
          option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
    }
    Compatibility edition = Compatibility.ofEdition(Integer.parseInt(given.remove("edition")));
    String iso = given.remove("timestamps_iso8601");
    String custom = given.remove("custom_postgres_types");
    String precision = given.remove("timestamp_max_precision");
    if (!given.isEmpty()) {
      throw new AssertionError("unknown options " + given);
    }
    return new Compatibility(
        edition.edition(),
        iso == null ? edition.timestampsIso8601() : Boolean.parseBoolean(iso),
        edition.versionedBucketIds(),
        edition.fixedJsonExtract(),
        custom == null ? edition.customPostgresTypes() : Boolean.parseBoolean(custom),
        edition.sqliteEngine(),
        precision == null ? OptionalInt.empty() : OptionalInt.of(PRECISIONS.get(precision)));
  }

  /** The expected result and, for accidents of the reference, the recommended ones. */
  List<JsonNode> accepted(JsonNode expected, Compatibility compatibility) {
    List<JsonNode> accepted = new ArrayList<>(List.of(expected));
    for (Map.Entry<String, JsonNode> entry : node.path("quirk").path("recommended").properties()) {
      if (!entry.getKey().equals("2+") || compatibility.customPostgresTypes()) {
        accepted.add(entry.getValue());
      }
    }
    return accepted;
  }

  /** True when the accident is that numbers without a finite value break the JSON. */
  boolean invalidJson() {
    return node.path("quirk").path("kind").asText().equals("invalid-json");
  }

  static SqlValue value(JsonNode expected) {
    String text = expected.path("v").asText();
    return switch (expected.get("t").asText()) {
      case "null" -> SqlValue.NULL;
      case "integer" -> SqlValue.of(Long.parseLong(text));
      case "real" -> SqlValue.of(Double.parseDouble(text));
      case "text" -> SqlValue.of(text);
      case "blob" -> new SqlValue.Blob(HexFormat.of().parseHex(expected.get("hex").asText()));
      default -> throw new AssertionError("unknown kind in " + expected);
    };
  }

  /** What the value contributes to the JSON of its row; null when its column is left out. */
  static String fragment(SqlValue value) {
    String json = new String(RowJson.write(List.of("c"), List.of(value)), StandardCharsets.UTF_8);
    return json.equals("{}") ? null : json.substring("{\"c\":".length(), json.length() - 1);
  }

  /** Null when the actual value is one of those accepted, else what was expected. */
  String mismatch(JsonNode expected, Compatibility compatibility, SqlValue actual) {
    if (expected.has("error") && node.path("quirk").path("recommended").isTextual()) {
      return null;
    }
    for (JsonNode accepted : accepted(expected, compatibility)) {
      if (!accepted.has("error") && matches(accepted, actual)) {
        return null;
      }
    }
    return "expected " + expected + ", was " + actual + " as " + fragment(actual);
  }

  private boolean matches(JsonNode accepted, SqlValue actual) {
    SqlValue value = value(accepted);
    String json =
        accepted.has("json")
            ? accepted.get("json").isNull() ? null : accepted.get("json").asText()
            : fragment(value);
    return matches(value, json, actual)
        || (invalidJson() && matches(finite(value), json == null ? null : finite(json), actual));
  }

  private static boolean matches(SqlValue value, String json, SqlValue actual) {
    return value.equals(actual) && Objects.equals(json, fragment(actual));
  }

  private static SqlValue finite(SqlValue value) {
    return value instanceof SqlValue.Text text ? SqlValue.of(finite(text.value())) : value;
  }

  private static String finite(String json) {
    return json.replaceAll("-?(NaN|Infinity)", "null");
  }
}
