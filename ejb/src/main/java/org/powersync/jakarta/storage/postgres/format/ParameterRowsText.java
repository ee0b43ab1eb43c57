package org.powersync.jakarta.storage.postgres.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Result rows of a lookup as the text of {@code bucket_parameters} (storage section 3.5). */
public final class ParameterRowsText {
  /** "This row no longer matches this lookup." */
  public static final String TOMBSTONE = "[]";

  private static final int LONG_DIGITS = 18;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private ParameterRowsText() {}

  /** Compact JSON array of the rows, in UTF-8. */
  public static byte[] write(List<OutputRow> rows) {
    int length = 2 + Math.max(0, rows.size() - 1);
    for (OutputRow row : rows) {
      length += row.json().length;
    }
    byte[] text = new byte[length];
    text[0] = '[';
    int at = 1;
    for (OutputRow row : rows) {
      if (at > 1) {
        text[at++] = ',';
      }
      byte[] json = row.json();
      System.arraycopy(json, 0, text, at, json.length);
      at += json.length;
    }
    text[at] = ']';
    return text;
  }

  /**
   * Reads stored text back. Numbers of digits only are integers of any size, all others reals.
   * Throws PSYNC_S0001 for text that is no array of objects.
   */
  public static List<OutputRow> parse(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      List<OutputRow> rows = new ArrayList<>();
      expect(parser.nextToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.START_OBJECT);
        rows.add(row(parser));
      }
      return rows;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static OutputRow row(JsonParser parser) throws IOException {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      names.add(parser.currentName());
      parser.nextToken();
      values.add(value(parser));
    }
    return new OutputRow(names, values);
  }

  private static SqlValue value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> SqlValue.NULL;
      case VALUE_STRING -> SqlValue.of(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser.getText());
      case VALUE_NUMBER_FLOAT -> SqlValue.of(parser.getDoubleValue());
      case VALUE_TRUE, VALUE_FALSE, START_ARRAY, START_OBJECT -> new SqlValue.RawJson(json(parser));
      default -> throw unreadable(null);
    };
  }

  private static Object json(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_TRUE:
        return Boolean.TRUE;
      case VALUE_FALSE:
        return Boolean.FALSE;
      case START_ARRAY:
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(json(parser));
        }
        return list;
      case START_OBJECT:
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, json(parser));
        }
        return map;
      case VALUE_NULL:
        return null;
      case VALUE_STRING:
        return parser.getText();
      case VALUE_NUMBER_INT:
        return parser.getNumberValue();
      case VALUE_NUMBER_FLOAT:
        return parser.getDoubleValue();
      default:
        throw unreadable(null);
    }
  }

  private static SqlValue integer(String digits) {
    return digits.length() <= LONG_DIGITS
        ? SqlValue.of(Long.parseLong(digits))
        : SqlValue.of(new BigInteger(digits));
  }

  private static void expect(JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw unreadable(null);
    }
  }

  private static PowerSyncException unreadable(IOException cause) {
    return new PowerSyncException(
        ErrorCode.PSYNC_S0001, "Stored parameter rows are no JSON array of objects", cause);
  }
}
