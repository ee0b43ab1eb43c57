package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * JSON text to plain Java: {@link Map} in document order, {@link List}, {@link String}, {@link
 * Boolean}, null, and numbers by {@link Numbers}. Strict (RFC 8259), nesting bounded.
 */
public final class JsonReader {
  /** Deeper nesting is refused as malformed. */
  public static final int MAX_DEPTH = 1000;

  /** What numbers become, and whether a repeated key matters. */
  public enum Numbers {
    /**
     * Digits with an optional minus are {@link Long} or {@link BigInteger}, others {@link Double}.
     * A key repeated with another value is malformed.
     */
    EXACT,
    /** All numbers are {@link Double}; the last value of a repeated key counts. */
    DOUBLES
  }

  /** The text is not JSON. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
      super(message, null, false, false);
    }
  }

  private final String text;
  private final Numbers numbers;
  private int at;
  private int depth;

  private JsonReader(String text, Numbers numbers) {
    this.text = text;
    this.numbers = numbers;
  }

  /** Reads a whole document. */
  public static Object read(String text, Numbers numbers) throws MalformedJsonException {
    JsonReader reader = new JsonReader(text, numbers);
    reader.space();
    Object value = reader.value();
    reader.space();
    if (reader.at < text.length()) {
      throw reader.malformed();
    }
    return value;
  }

  private Object value() throws MalformedJsonException {
    if (at >= text.length()) {
      throw malformed();
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() throws MalformedJsonException {
    Map<String, Object> members = new LinkedHashMap<>();
    enter();
    if (!closes('}')) {
      do {
        space();
        if (at >= text.length() || text.charAt(at) != '"') {
          throw malformed();
        }
        String name = string();
        space();
        expect(':');
        space();
        put(members, name, value());
        space();
      } while (continues('}'));
    }
    depth--;
    return members;
  }

  private void put(Map<String, Object> members, String name, Object value)
      throws MalformedJsonException {
    boolean repeated = members.containsKey(name);
    Object before = members.put(name, value);
    if (repeated && numbers == Numbers.EXACT && !Objects.equals(before, value)) {
      throw new MalformedJsonException("a key is repeated with another value");
    }
  }

  private List<Object> array() throws MalformedJsonException {
    List<Object> elements = new ArrayList<>();
    enter();
    if (!closes(']')) {
      do {
        space();
        elements.add(value());
        space();
      } while (continues(']'));
    }
    depth--;
    return elements;
  }

  private void enter() throws MalformedJsonException {
    at++;
    if (++depth > MAX_DEPTH) {
      throw new MalformedJsonException("nested deeper than " + MAX_DEPTH);
    }
    space();
  }

  private boolean closes(char end) {
    if (at < text.length() && text.charAt(at) == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean continues(char end) throws MalformedJsonException {
    if (closes(end)) {
      return false;
    }
    expect(',');
    return true;
  }

  private void expect(char c) throws MalformedJsonException {
    if (!closes(c)) {
      throw malformed();
    }
  }

  private Object word(String word, Object value) throws MalformedJsonException {
    if (!text.startsWith(word, at)) {
      throw malformed();
    }
    at += word.length();
    return value;
  }

  private String string() throws MalformedJsonException {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\') {
        return escapedString(start);
      }
      if (c < 0x20) {
        break;
      }
      at++;
    }
    throw malformed();
  }

  private String escapedString(int start) throws MalformedJsonException {
    StringBuilder out = new StringBuilder(text.length() - start).append(text, start, at);
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < 0x20) {
        break;
      }
      out.append(c == '\\' ? escape() : c);
    }
    throw malformed();
  }

  private char escape() throws MalformedJsonException {
    if (at >= text.length()) {
      throw malformed();
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed();
    };
  }

  private char unicode() throws MalformedJsonException {
    if (at + 4 > text.length()) {
      throw malformed();
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char c = text.charAt(at++);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed();
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  private Object number() throws MalformedJsonException {
    int start = at;
    closes('-');
    if (!closes('0')) {
      digits();
    }
    boolean integer = true;
    if (closes('.')) {
      integer = false;
      digits();
    }
    if (closes('e') || closes('E')) {
      integer = false;
      if (!closes('+')) {
        closes('-');
      }
      digits();
    }
    String number = text.substring(start, at);
    if (numbers == Numbers.DOUBLES || !integer) {
      return Double.valueOf(number);
    }
    if (number.length() < 19) {
      return Long.valueOf(number);
    }
    BigInteger exact = new BigInteger(number);
    return exact.bitLength() < Long.SIZE ? (Object) exact.longValue() : exact;
  }

  private void digits() throws MalformedJsonException {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
  }

  private void space() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private MalformedJsonException malformed() {
    return new MalformedJsonException("malformed at offset " + at);
  }
}
