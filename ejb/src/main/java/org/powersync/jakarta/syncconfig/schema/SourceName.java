package org.powersync.jakarta.syncconfig.schema;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names of tables and columns as names and texts in program source. */
final class SourceName {
  private final Set<String> taken = new HashSet<>();

  /** A name such as {@code userLists}, unlike all made before. */
  String camel(String name) {
    StringBuilder camel = new StringBuilder(pascalOf(name));
    camel.setCharAt(0, Character.toLowerCase(camel.charAt(0)));
    return unlike(camel.toString());
  }

  /** A name such as {@code UserLists}, unlike all made before. */
  String pascal(String name) {
    return unlike(pascalOf(name));
  }

  /** The name itself where it may be one, unlike all made before. */
  String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return unlike(plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain);
  }

  private String unlike(String name) {
    String unlike = name;
    for (int i = 2; !taken.add(unlike); i++) {
      unlike = name + i;
    }
    return unlike;
  }

  private static String pascalOf(String name) {
    StringBuilder pascal = new StringBuilder();
    for (String word : name.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        pascal.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
      }
    }
    return pascal.isEmpty() || Character.isDigit(pascal.charAt(0))
        ? "T" + pascal
        : pascal.toString();
  }

  /** A text literal between quotes of a kind, with the escapes that all these languages share. */
  static String quoted(String text, char quote) {
    StringBuilder quoted = new StringBuilder().append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote || c == '\\' || c == '$') {
        quoted.append('\\').append(c);
      } else if (c == '\n') {
        quoted.append("\\n");
      } else if (c == '\r') {
        quoted.append("\\r");
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(quote).toString();
  }

  /** Like {@link #quoted(String, char)}, for languages where {@code $} is ordinary. */
  static String quotedPlainDollar(String text, char quote) {
    return quoted(text, quote).replace("\\$", "$");
  }

  /** A type's word in lower case, {@code integer}. */
  static String word(ClientType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
