package org.powersync.jakarta.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON the way requests and tokens are seen by a sync config: every number is a double. One
 * thread.
 */
final class RequestJson {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** Far more than any client has to say; each value takes many times its bytes in memory. */
  private static final int MAX_VALUES = 1_000_000;

  private final JsonParser parser;
  private int values;

  private RequestJson(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * One JSON value and nothing behind it. Of a member given twice the last counts.
   *
   * @throws IOException if it is malformed or missing
   */
  static Object parse(byte[] utf8) throws IOException {
    try (JsonParser parser = JSON.createParser(utf8)) {
      if (parser.nextToken() == null) {
        throw new IOException("no JSON value");
      }
      Object value = new RequestJson(parser).value();
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON value");
      }
      return value;
    }
  }

  private Object value() throws IOException {
    if (++values > MAX_VALUES) {
      throw new IOException("too many values");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Double.valueOf(parser.getText());
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IOException("unexpected " + parser.currentToken());
    };
  }

  private Map<String, Object> object() throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value());
    }
    return members;
  }

  private List<Object> array() throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value());
    }
    return elements;
  }
}
