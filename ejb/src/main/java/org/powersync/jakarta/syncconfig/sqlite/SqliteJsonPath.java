package org.powersync.jakarta.syncconfig.sqlite;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.value.EvaluationException;

/**
 * Finds what a path such as {@code $.a."b c"[0][#-1]} leads to. A path is read as far as it leads:
 * what is wrong behind that is no error. Used by one thread.
 */
final class SqliteJsonPath {
  private final String path;
  private int at = 1;

  private SqliteJsonPath(String path) {
    this.path = path;
  }

  /** The path that an operand of {@code ->} stands for. */
  static String expanded(String operand, boolean index) {
    if (operand.startsWith("$")) {
      return operand;
    }
    if (index) {
      return "$[" + (operand.startsWith("-") ? "#" : "") + operand + "]";
    }
    if (operand.matches("[A-Za-z0-9]*")) {
      return "$." + operand;
    }
    boolean bracketed = operand.length() >= 3 && operand.startsWith("[") && operand.endsWith("]");
    return bracketed ? "$" + operand : "$.\"" + operand + "\"";
  }

  /**
   * @throws EvaluationException when it is no path
   */
  static Optional<JsonElement> find(JsonElement root, String path) {
    if (!path.startsWith("$")) {
      throw bad();
    }
    return new SqliteJsonPath(path).find(root);
  }

  private Optional<JsonElement> find(JsonElement root) {
    JsonElement element = root;
    while (at < path.length()) {
      int position =
          switch (path.charAt(at++)) {
            case '.' -> member(element, name());
            case '[' -> element.isArray() ? index(element.children().size()) : -1;
            default -> throw bad();
          };
      if (position < 0) {
        return Optional.empty();
      }
      element = element.children().get(position);
    }
    return Optional.of(element);
  }

  private static int member(JsonElement element, String name) {
    return element.isObject() ? element.names().indexOf(name) : -1;
  }

  private String name() {
    int start = at;
    if (start < path.length() && path.charAt(start) == '"') {
      int end = path.indexOf('"', start + 1);
      if (end < 0) {
        throw bad();
      }
      at = end + 1;
      return path.substring(start + 1, end);
    }
    while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
      at++;
    }
    if (at == start) {
      throw bad();
    }
    return path.substring(start, at);
  }

  /** The position in an array, negative when it has none there. */
  private int index(int size) {
    int end = path.indexOf(']', at);
    if (end < 0) {
      throw bad();
    }
    String index = path.substring(at, end);
    at = end + 1;
    if (index.equals("#")) {
      return -1;
    }
    boolean fromEnd = index.startsWith("#-");
    String digits = index.substring(fromEnd ? 2 : 0);
    if (!digits.matches("[0-9]+")) {
      throw bad();
    }
    // No array is as long as what nine digits do not hold.
    int number = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    int position = fromEnd ? size - number : number;
    return position < size ? position : -1;
  }

  private static EvaluationException bad() {
    return new EvaluationException("invalid-json-path", "the text is no JSON path");
  }
}
