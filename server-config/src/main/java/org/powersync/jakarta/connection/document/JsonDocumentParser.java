package org.powersync.jakarta.connection.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationNode.Sequence;

/**
 * Strict JSON (RFC 8259) with line numbers; depth up to 100. YAML parsers refuse JSON that is
 * indented by tabs, and the shared library carries no JSON library.
 */
final class JsonDocumentParser {
  private static final int MAX_DEPTH = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final ConfigurationProblems problems;
  private String text;
  private int at;
  private int line;

  JsonDocumentParser(ConfigurationProblems problems) {
    this.problems = problems;
  }

  /** The root; empty after noting an error, and for a text of white space only. */
  Optional<ConfigurationNode> parse(String document) {
    text = document.startsWith("\uFEFF") ? document.substring(1) : document;
    at = 0;
    line = 1;
    try {
      skipSpace();
      if (at == text.length()) {
        return Optional.empty();
      }
      ConfigurationNode root = value("", 0);
      skipSpace();
      if (at < text.length()) {
        throw new Syntax("text after the end of the document");
      }
      return Optional.of(root);
    } catch (Syntax e) {
      problems.error("", line, "not valid JSON: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static final class Syntax extends Exception {
    private static final long serialVersionUID = 1L;

    Syntax(String message) {
      super(message, null, false, false);
    }
  }

  private ConfigurationNode value(String path, int depth) throws Syntax {
    if (depth > MAX_DEPTH) {
      throw new Syntax("nested too deep");
    }
    skipSpace();
    int start = line;
    switch (peek()) {
      case '{':
        return object(path, depth);
      case '[':
        return array(path, depth);
      case '"':
        return new Scalar(path, start, string());
      default:
        return new Scalar(path, start, literal());
    }
  }

  private Mapping object(String path, int depth) throws Syntax {
    int start = line;
    Map<String, ConfigurationNode> entries = new LinkedHashMap<>();
    at++;
    skipSpace();
    while (peek() != '}') {
      if (!entries.isEmpty()) {
        expect(',');
        skipSpace();
      }
      int keyLine = line;
      String key = string();
      String childPath = ConfigurationNode.childPath(path, key);
      skipSpace();
      expect(':');
      if (entries.put(key, value(childPath, depth + 1)) != null) {
        problems.error(childPath, keyLine, "duplicate key; remove one of the two");
      }
      skipSpace();
    }
    at++;
    return new Mapping(path, start, entries);
  }

  private Sequence array(String path, int depth) throws Syntax {
    int start = line;
    List<ConfigurationNode> items = new ArrayList<>();
    at++;
    skipSpace();
    while (peek() != ']') {
      if (!items.isEmpty()) {
        expect(',');
      }
      items.add(value(ConfigurationNode.childPath(path, items.size()), depth + 1));
      skipSpace();
    }
    at++;
    return new Sequence(path, start, items);
  }

  private String string() throws Syntax {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        throw new Syntax("control character in a text");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() throws Syntax {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new Syntax("unknown escape sequence");
    };
  }

  private char unicode() throws Syntax {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw new Syntax("\\u must be followed by four hexadecimal digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private Object literal() throws Syntax {
    for (Map.Entry<String, Boolean> word : Map.of("true", true, "false", false).entrySet()) {
      if (text.startsWith(word.getKey(), at)) {
        at += word.getKey().length();
        return word.getValue();
      }
    }
    if (text.startsWith("null", at)) {
      at += "null".length();
      return null;
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw new Syntax("a value is expected");
    }
    at = number.end();
    return Double.valueOf(number.group());
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      if (text.charAt(at) == '\n') {
        line++;
      }
      at++;
    }
  }

  private char peek() throws Syntax {
    if (at >= text.length()) {
      throw new Syntax("unexpected end");
    }
    return text.charAt(at);
  }

  private void expect(char wanted) throws Syntax {
    if (peek() != wanted) {
      throw new Syntax("'" + wanted + "' is expected");
    }
    at++;
  }
}
