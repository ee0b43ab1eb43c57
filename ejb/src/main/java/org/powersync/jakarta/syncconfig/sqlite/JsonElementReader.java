package org.powersync.jakarta.syncconfig.sqlite;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.JsonReader;

/** Reads JSON of RFC 8259, no deeper than SQLite does. Used by one thread. */
final class JsonElementReader {
  private static final int MAX_DEPTH = 1000;

  private final String text;
  private int at;
  private int depth;

  private JsonElementReader(String text) {
    this.text = text;
  }

  /**
   * @throws EvaluationException when the text is not JSON
   */
  static JsonElement read(String text) {
    JsonElementReader reader = new JsonElementReader(text);
    JsonElement element = reader.element();
    reader.space();
    if (reader.at < text.length()) {
      throw malformed();
    }
    return element;
  }

  /** The text that a string stands for. */
  static String unescaped(String string) {
    if (string.indexOf('\\') < 0) {
      return string.substring(1, string.length() - 1);
    }
    try {
      return (String) JsonReader.read(string, JsonReader.Numbers.EXACT);
    } catch (JsonReader.MalformedJsonException e) {
      throw malformed();
    }
  }

  private JsonElement element() {
    space();
    char first = peek();
    return switch (first) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> JsonElement.scalar(string());
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> JsonElement.scalar(number());
    };
  }

  private JsonElement object() {
    List<String> names = new ArrayList<>();
    List<String> rawNames = new ArrayList<>();
    List<JsonElement> members = new ArrayList<>();
    enter();
    if (!skip('}')) {
      do {
        space();
        String name = string();
        rawNames.add(name);
        names.add(unescaped(name));
        space();
        expect(':');
        members.add(element());
        space();
      } while (skip(','));
      expect('}');
    }
    depth--;
    return new JsonElement(null, names, rawNames, members);
  }

  private JsonElement array() {
    List<JsonElement> elements = new ArrayList<>();
    enter();
    if (!skip(']')) {
      do {
        elements.add(element());
        space();
      } while (skip(','));
      expect(']');
    }
    depth--;
    return new JsonElement(null, null, null, elements);
  }

  private void enter() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw malformed();
    }
    space();
  }

  private JsonElement word(String word) {
    if (!text.startsWith(word, at)) {
      throw malformed();
    }
    at += word.length();
    return JsonElement.scalar(word);
  }

  private String string() {
    int start = at;
    expect('"');
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        String string = text.substring(start, at);
        unescaped(string);
        return string;
      }
      if (c < 0x20) {
        throw malformed();
      }
      if (c == '\\') {
        peek();
        at++;
      }
    }
  }

  private String number() {
    int start = at;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    if (skip('.')) {
      digits();
    }
    if (skip('e') || skip('E')) {
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    return text.substring(start, at);
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at);
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw malformed();
    }
  }

  private void space() {
    while (skip(' ') || skip('\n') || skip('\t') || skip('\r')) {
      // Goes on.
    }
  }

  private static EvaluationException malformed() {
    return new EvaluationException("invalid-json", "the text is not valid JSON");
  }
}
