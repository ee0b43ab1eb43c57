package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Between JSON and values of the language (sync config sections 5.4, 6.5 and 6.6). */
public final class JsonValues {
  private static final SqlValue NULL_TEXT = SqlValue.of("null");

  private JsonValues() {}

  /** The TEXT form parsed, integers kept apart; null for NULL and for a JSON null. */
  public static Object parse(SqlValue document) {
    String text = Casts.text(document);
    return text == null ? null : parse(text, JsonReader.Numbers.EXACT);
  }

  /** Parses, or fails the evaluation. */
  public static Object parse(String text, JsonReader.Numbers numbers) {
    try {
      return JsonReader.read(text, numbers);
    } catch (JsonReader.MalformedJsonException e) {
      throw new EvaluationException("invalid-json", "the text is not valid JSON");
    }
  }

  /**
   * A JSON value as value of the language: booleans 1 and 0, objects and arrays as JSON text.
   *
   * @param nullIsNull whether a JSON null is NULL or the text {@code null}
   */
  public static SqlValue toSql(Object json, boolean nullIsNull) {
    if (json instanceof String text) {
      return SqlValue.of(text);
    }
    if (json instanceof Long number) {
      return SqlValue.of(number.longValue());
    }
    if (json instanceof Double number) {
      return SqlValue.of(number.doubleValue());
    }
    if (json instanceof Boolean bool) {
      return Casts.bool(bool);
    }
    if (json instanceof BigInteger number) {
      return SqlValue.of(number);
    }
    if (json == null) {
      return nullIsNull ? SqlValue.NULL : NULL_TEXT;
    }
    return SqlValue.of(JsonBuffer.textOf(json));
  }

  /** A request's value converted like a row: integral numbers are INTEGER. */
  public static SqlValue toRowValue(Object json) {
    return json instanceof Double number ? NumberText.integralAsInteger(number) : toSql(json, true);
  }

  /** The elements of a TEXT that has to hold a JSON array. */
  public static List<?> array(SqlValue value, JsonReader.Numbers numbers) {
    if (value instanceof SqlValue.Text text
        && parse(text.value(), numbers) instanceof List<?> list) {
      return list;
    }
    throw new EvaluationException("not-a-json-array", "IN needs a text that holds a JSON array");
  }

  /** The elements of a JSON array as values; nulls stay NULL. */
  public static SqlValue[] elements(SqlValue value) {
    List<?> list = array(value, JsonReader.Numbers.EXACT);
    SqlValue[] elements = new SqlValue[list.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = toSql(list.get(i), true);
    }
    return elements;
  }

  /** An element as the older evaluators put it into keys: what SQL has no kind for stays JSON. */
  public static SqlValue unconverted(Object json) {
    return json instanceof Boolean || json instanceof List || json instanceof Map
        ? new SqlValue.RawJson(json)
        : toSql(json, true);
  }

  /** One row of {@code json_each}. */
  public record Element(SqlValue key, SqlValue value) {}

  /**
   * The rows of {@code json_each}: numbers are doubles; a scalar is one row without key.
   *
   * @param nullIsNull the option {@code fixed_json_extract}
   */
  public static List<Element> each(SqlValue document, boolean nullIsNull) {
    if (document == SqlValue.NULL) {
      return List.of();
    }
    if (!(document instanceof SqlValue.Text text)) {
      throw new EvaluationException("json-each-not-text", "json_each needs a text");
    }
    Object json = parse(text.value(), JsonReader.Numbers.DOUBLES);
    List<Element> rows = new ArrayList<>();
    if (json instanceof List<?> list) {
      for (Object element : list) {
        rows.add(new Element(SqlValue.of(rows.size()), toSql(element, nullIsNull)));
      }
    } else if (json instanceof Map<?, ?> map) {
      for (String name : MemberOrder.of(map.keySet())) {
        rows.add(new Element(SqlValue.of(name), toSql(map.get(name), nullIsNull)));
      }
    } else {
      rows.add(new Element(SqlValue.NULL, toSql(json, nullIsNull)));
    }
    return rows;
  }

  /** The names of an object as JSON array. */
  public static SqlValue keys(SqlValue document) {
    if (document == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    if (parse(document) instanceof Map<?, ?> map) {
      return SqlValue.of(JsonBuffer.textOf(List.copyOf(MemberOrder.of(map.keySet()))));
    }
    throw new EvaluationException("json-not-an-object", "json_keys needs a JSON object");
  }
}
