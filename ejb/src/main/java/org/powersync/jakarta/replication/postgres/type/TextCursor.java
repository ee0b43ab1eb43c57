package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.error.ErrorCode;

/** Walks through the text of an array, composite or range; every surprise is an error. */
final class TextCursor {
  private final String text;
  private int at;

  TextCursor(String text, int at) {
    this.text = text;
    this.at = at;
  }

  boolean looksAt(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  /** The next character, which is consumed. */
  char next() {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at++);
  }

  /** Consumes the character if it is next. */
  boolean skip(char c) {
    if (looksAt(c)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) {
    if (!skip(c)) {
      throw malformed();
    }
  }

  void expectEnd() {
    if (at != text.length()) {
      throw malformed();
    }
  }

  /** An element of an array: without quotes, up to the delimiter or the closing brace. */
  String plainElement(char delimiter) {
    int from = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == delimiter || c == '}') {
        break;
      }
      if (c == '"' || c == '{' || c == '\\') {
        throw malformed();
      }
      at++;
    }
    if (at == from) {
      throw malformed();
    }
    return text.substring(from, at);
  }

  /** An element of an array in quotes, where a backslash escapes a quote or a backslash. */
  String quotedElement() {
    expect('"');
    int from = at;
    StringBuilder unescaped = null;
    while (true) {
      char c = next();
      if (c == '"') {
        String last = text.substring(from, at - 1);
        return unescaped == null ? last : unescaped.append(last).toString();
      }
      if (c == '\\') {
        unescaped = unescaped == null ? new StringBuilder() : unescaped;
        unescaped.append(text, from, at - 1);
        from = at;
        char escaped = next();
        if (escaped != '"' && escaped != '\\') {
          throw malformed();
        }
      }
    }
  }

  /**
   * A field of a composite or a bound of a range: in quotes, where quotes are doubled or escaped,
   * or plain up to the next of the stop characters. Null when it is empty and not in quotes.
   */
  String field(String stops) {
    if (skip('"')) {
      return quotedField();
    }
    int from = at;
    while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at);
      if (c == '"' || c == '\\') {
        throw malformed();
      }
      at++;
    }
    return at == from ? null : text.substring(from, at);
  }

  private String quotedField() {
    StringBuilder unescaped = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '\\') {
        unescaped.append(next());
      } else if (c != '"' || skip('"')) {
        unescaped.append(c);
      } else {
        return unescaped.toString();
      }
    }
  }

  static UndecodableValueException malformed() {
    return new UndecodableValueException(
        ErrorCode.PSYNC_S1101, "array, composite or range is not in the form PostgreSQL prints");
  }
}
