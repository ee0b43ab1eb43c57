package org.powersync.jakarta.replication.postgres.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.core.Oid;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;
import org.powersync.jakarta.syncconfig.value.TimeFormat;

/**
 * Source values of recorded vectors, as PostgreSQL would print them, through the decoders of their
 * types. What no PostgreSQL type is like is brought as near as can be: objects are composites,
 * arrays of several types are JSON put together from an array for each element, and times of other
 * precisions are formatted as {@link TimeFormat} does for any source.
 */
public final class SourceValueVector {
  private static final int MICROSECONDS = 6;

  private final Compatibility compatibility;
  private final Map<Long, PgType> types = new HashMap<>();
  private long nextOid = 100_000;

  /** A value as printed, and the type it has. */
  private record Printed(long oid, String text) {}

  public SourceValueVector(Compatibility compatibility) {
    this.compatibility = compatibility;
  }

  /**
   * The value clients get.
   *
   * @throws org.powersync.jakarta.error.PowerSyncException when it cannot be synced
   */
  public SqlValue convert(JsonNode source) {
    if (source.isNull()) {
      return SqlValue.NULL;
    }
    if (source.has("undefined")) {
      return SqlValue.ABSENT;
    }
    Printed printed = printed(source);
    return decoder(printed.oid).decode(printed.text);
  }

  private ValueDecoder decoder(long oid) {
    // Objects look the same in every edition; composites only where they are decoded.
    Compatibility decoding =
        new Compatibility(
            compatibility.edition(),
            compatibility.timestampsIso8601(),
            compatibility.versionedBucketIds(),
            compatibility.fixedJsonExtract(),
            types.containsKey(oid) || compatibility.customPostgresTypes(),
            compatibility.sqliteEngine(),
            compatibility.maxTimePrecision());
    return new DecoderCompiler(types::get, altered -> {}, decoding).column(oid, ReadPath.STREAM);
  }

  private Printed printed(JsonNode source) {
    if (source.isTextual()) {
      return new Printed(Oid.TEXT, source.asText());
    }
    String kind = source.fieldNames().next();
    JsonNode value = source.get(kind);
    return switch (kind) {
      case "bool" -> new Printed(Oid.BOOL, value.asBoolean() ? "t" : "f");
      case "int" -> new Printed(Oid.INT8, value.asText());
      case "real" -> new Printed(Oid.FLOAT8, value.asText());
      case "blob" -> new Printed(Oid.BYTEA, "\\x" + value.asText());
      case "jsonColumn" -> new Printed(Oid.JSON, value.asText());
      case "datetime" -> dateTime(value);
      case "time" -> time(value);
      case "array" -> array(value);
      case "object" -> object(value);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private Printed dateTime(JsonNode value) {
    String iso = value.get("iso").asText();
    int end = iso.length() - (iso.matches(".*[Zz]") ? 1 : 0);
    String zone = iso.substring(end);
    if (isPostgres(value) && !zone.equals("z")) {
      String text = iso.substring(0, end).replace('T', ' ');
      return zone.isEmpty()
          ? new Printed(Oid.TIMESTAMP, text)
          : new Printed(Oid.TIMESTAMPTZ, text + "+00");
    }
    if (!compatibility.timestampsIso8601() && value.has("legacy")) {
      return new Printed(Oid.TEXT, value.get("legacy").asText());
    }
    return new Printed(Oid.TEXT, format(value).dateTime(iso, iso.indexOf('T'), end, zone));
  }

  private Printed time(JsonNode value) {
    String text = value.get("text").asText();
    return isPostgres(value)
        ? new Printed(Oid.TIME, text)
        : new Printed(Oid.TEXT, format(value).time(text));
  }

  private static boolean isPostgres(JsonNode value) {
    return digits(value.get("precision")) == MICROSECONDS && !value.has("defaultPrecision");
  }

  private TimeFormat format(JsonNode value) {
    JsonNode precision = value.get("precision");
    JsonNode byDefault = value.path("defaultPrecision");
    return TimeFormat.of(
        compatibility, digits(precision), digits(byDefault.isTextual() ? byDefault : precision));
  }

  private static int digits(JsonNode precision) {
    return switch (precision.asText().toLowerCase(Locale.ROOT)) {
      case "seconds" -> 0;
      case "milliseconds" -> 3;
      case "microseconds" -> MICROSECONDS;
      case "nanoseconds" -> 9;
      default -> throw new IllegalArgumentException(precision.asText());
    };
  }

  private Printed array(JsonNode elements) {
    List<Printed> printed = new ArrayList<>();
    for (JsonNode element : elements) {
      printed.add(isNothing(element) ? null : printed(element));
    }
    List<Long> oids = printed.stream().filter(p -> p != null).map(Printed::oid).distinct().toList();
    return switch (oids.size()) {
      case 0 -> array(Oid.TEXT, printed);
      case 1 -> array(oids.get(0), printed);
      default -> mixed(printed);
    };
  }

  /** Arrays of arrays are of the same type, and their inner braces stand without quotes. */
  private Printed array(long element, List<Printed> printed) {
    boolean nested = types.get(element) instanceof PgType.Array;
    String text =
        printed.stream()
            .map(p -> p == null ? "NULL" : nested ? p.text : quoted(p.text))
            .collect(Collectors.joining(",", "{", "}"));
    return new Printed(nested ? element : type(new PgType.Array(element, ',')), text);
  }

  private Printed mixed(List<Printed> printed) {
    List<String> parts = new ArrayList<>();
    for (Printed element : printed) {
      if (element == null) {
        parts.add("null");
        continue;
      }
      Printed single = array(element.oid, List.of(element));
      String json = ((SqlValue.Text) decoder(single.oid).decode(single.text)).value();
      parts.add(json.substring(1, json.length() - 1));
    }
    return new Printed(Oid.JSON, "[" + String.join(",", parts) + "]");
  }

  private Printed object(JsonNode members) {
    List<String> names = new ArrayList<>();
    List<Long> oids = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    members
        .fields()
        .forEachRemaining(
            member -> {
              boolean nothing = isNothing(member.getValue());
              if (!member.getValue().has("undefined")) {
                Printed field = nothing ? new Printed(Oid.TEXT, "") : printed(member.getValue());
                names.add(member.getKey());
                oids.add(field.oid);
                fields.add(nothing ? "" : quoted(field.text));
              }
            });
    return new Printed(
        type(new PgType.Composite(names, oids)), "(" + String.join(",", fields) + ")");
  }

  /** An OID for the type, the same for equal types. */
  private long type(PgType type) {
    for (Map.Entry<Long, PgType> known : types.entrySet()) {
      if (known.getValue().equals(type)) {
        return known.getKey();
      }
    }
    types.put(nextOid, type);
    return nextOid++;
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull() || value.has("undefined");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
