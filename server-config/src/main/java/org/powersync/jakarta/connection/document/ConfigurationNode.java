package org.powersync.jakarta.connection.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One value of the configuration with its place. Immutable. Prints its place only, since the value
 * may be a secret.
 */
public sealed interface ConfigurationNode {
  /** Keys and indexes from the root, such as {@code api.tokens[0]}; empty for the root. */
  String path();

  /** Line in the document, from 1. */
  int line();

  /** The value as plain Java: Map, List, String, Double, Boolean or null. */
  Object plain();

  /** An object; entries in document order. */
  record Mapping(String path, int line, Map<String, ConfigurationNode> entries)
      implements ConfigurationNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      entries.forEach((key, node) -> plain.put(key, node.plain()));
      return plain;
    }

    @Override
    public String toString() {
      return place(this);
    }
  }

  /** A list. */
  record Sequence(String path, int line, List<ConfigurationNode> items)
      implements ConfigurationNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public List<Object> plain() {
      List<Object> plain = new ArrayList<>(items.size());
      items.forEach(node -> plain.add(node.plain()));
      return plain;
    }

    @Override
    public String toString() {
      return place(this);
    }
  }

  /**
   * A text, number, boolean or null.
   *
   * @param value String, Double, Boolean or null
   */
  record Scalar(String path, int line, Object value) implements ConfigurationNode {
    @Override
    public Object plain() {
      return value;
    }

    @Override
    public String toString() {
      return place(this);
    }
  }

  private static String place(ConfigurationNode node) {
    return node.path() + " (line " + node.line() + ")";
  }

  /** The path of an entry below {@code parent}. */
  static String childPath(String parent, String key) {
    return parent.isEmpty() ? key : parent + "." + key;
  }

  /** The path of an item below {@code parent}. */
  static String childPath(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
