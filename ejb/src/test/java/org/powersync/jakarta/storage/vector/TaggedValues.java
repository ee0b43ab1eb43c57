package org.powersync.jakarta.storage.vector;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The tagged notation of values in vector files. */
public final class TaggedValues {
  private TaggedValues() {}

  public static SqlValue value(JsonNode tagged) {
    String tag = tagged.fieldNames().next();
    String text = tagged.get(tag).asText();
    return switch (tag) {
      case "text" -> SqlValue.of(text);
      case "integer" -> SqlValue.of(new BigInteger(text));
      case "real" -> SqlValue.of(Double.parseDouble(text));
      case "blob" -> new SqlValue.Blob(HexFormat.of().parseHex(text));
      case "null" -> SqlValue.NULL;
      case "undefined" -> SqlValue.ABSENT;
      default -> throw new IllegalArgumentException("value tagged " + tag);
    };
  }

  public static List<SqlValue> values(JsonNode tagged) {
    List<SqlValue> values = new ArrayList<>();
    tagged.forEach(value -> values.add(value(value)));
    return values;
  }

  /** A row written as an array of [name, value] pairs. */
  public static SourceRow row(JsonNode pairs) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (JsonNode pair : pairs) {
      names.add(pair.get(0).asText());
      values.add(value(pair.get(1)));
    }
    return SourceRow.of(names, values);
  }
}
