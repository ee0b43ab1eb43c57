package org.powersync.jakarta.syncconfig.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path into a JSON text and its two kinds of results (sync config section 6.6). Immutable;
 * prepared once where the path is a literal.
 */
public final class JsonPath {
  private static final Object MISSING = new Object();

  private final List<String> parts;
  private final boolean fixed;

  private JsonPath(List<String> parts, boolean fixed) {
    this.parts = parts;
    this.fixed = fixed;
  }

  /**
   * @param fixed the option {@code fixed_json_extract}
   */
  public static JsonPath of(String path, boolean fixed) {
    boolean rooted = path.startsWith("$");
    if (fixed && !rooted) {
      return new JsonPath(List.of(path), true);
    }
    List<String> parts = List.of(path.split("\\.", -1));
    return new JsonPath(rooted ? parts.subList(1, parts.size()) : parts, fixed);
  }

  /** A path for {@code json_extract}, which demands a leading {@code $}. */
  public static JsonPath rooted(String path, boolean fixed) {
    if (!path.startsWith("$")) {
      throw new EvaluationException("invalid-json-path", "a JSON path has to begin with $");
    }
    return of(path, fixed);
  }

  /** What {@code ->} gives: the JSON text of the value. */
  public SqlValue json(SqlValue document) {
    Object root = JsonValues.parse(document);
    return root == null ? SqlValue.NULL : jsonIn(root);
  }

  /** Like {@link #json}, in a document that was parsed before. */
  public SqlValue jsonIn(Object root) {
    Object found = search(root);
    if (found == MISSING || found == null && !fixed) {
      return SqlValue.NULL;
    }
    return SqlValue.of(JsonBuffer.textOf(found));
  }

  /** What {@code ->>} and {@code json_extract} give: the value itself where SQL has one. */
  public SqlValue value(SqlValue document) {
    Object root = JsonValues.parse(document);
    return root == null ? SqlValue.NULL : valueIn(root);
  }

  /** Like {@link #value}, in a document that was parsed before. */
  public SqlValue valueIn(Object root) {
    Object found = search(root);
    return found == MISSING ? SqlValue.NULL : JsonValues.toSql(found, fixed);
  }

  /** What stands there, empty for JSON null and for nothing. */
  public Optional<Object> find(Object root) {
    Object found = search(root);
    return found == MISSING ? Optional.empty() : Optional.ofNullable(found);
  }

  private Object search(Object root) {
    Object at = root;
    for (String part : parts) {
      at = member(at, part);
      if (at == MISSING) {
        return MISSING;
      }
    }
    return at;
  }

  private static Object member(Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      Object member = map.get(name);
      return member != null || map.containsKey(name) ? member : MISSING;
    }
    if (value instanceof List<?> list) {
      if (name.equals("length")) {
        return (double) list.size();
      }
      int index = index(name, list.size());
      return index < 0 ? MISSING : list.get(index);
    }
    if (value instanceof String text) {
      if (name.equals("length")) {
        return (double) text.length();
      }
      int index = index(name, text.length());
      return index < 0 ? MISSING : text.substring(index, index + 1);
    }
    return MISSING;
  }

  private static int index(String name, int size) {
    if (!MemberOrder.isIndex(name)) {
      return -1;
    }
    long index = Long.parseLong(name);
    return index < size ? (int) index : -1;
  }
}
