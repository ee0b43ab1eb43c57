package org.powersync.jakarta.syncconfig.sqlite;

import java.util.List;

/**
 * A part of a JSON text, which it keeps as written: SQLite copies what it finds and formats nothing
 * anew.
 *
 * @param raw the text of a string, number or word; null for objects and arrays
 * @param names of an object's members, unescaped; null for all else
 * @param rawNames as written, with quotes
 * @param children of an object or array; null for all else
 */
record JsonElement(
    String raw, List<String> names, List<String> rawNames, List<JsonElement> children) {

  static JsonElement scalar(String raw) {
    return new JsonElement(raw, null, null, null);
  }

  boolean isObject() {
    return names != null;
  }

  boolean isArray() {
    return children != null && names == null;
  }

  boolean isString() {
    return raw != null && raw.charAt(0) == '"';
  }

  /** The text without white space. */
  String text() {
    if (raw != null) {
      return raw;
    }
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    if (raw != null) {
      out.append(raw);
      return;
    }
    out.append(isObject() ? '{' : '[');
    for (int i = 0; i < children.size(); i++) {
      out.append(i > 0 ? "," : "");
      if (isObject()) {
        out.append(rawNames.get(i)).append(':');
      }
      children.get(i).write(out);
    }
    out.append(isObject() ? '}' : ']');
  }
}
