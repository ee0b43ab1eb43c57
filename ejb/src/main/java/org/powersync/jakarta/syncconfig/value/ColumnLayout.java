package org.powersync.jakarta.syncconfig.value;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordered column names that many rows share. Immutable; one instance per relation, so that
 * evaluators can resolve a name to an index once and not per row.
 */
public final class ColumnLayout {
  private final List<String> names;
  private final Map<String, Integer> indexes;

  public ColumnLayout(List<String> names) {
    this.names = List.copyOf(names);
    this.indexes = new HashMap<>(names.size() * 2);
    for (int i = 0; i < names.size(); i++) {
      if (indexes.putIfAbsent(names.get(i), i) != null) {
        throw new IllegalArgumentException("column named twice: " + names.get(i));
      }
    }
  }

  public List<String> names() {
    return names;
  }

  public String name(int index) {
    return names.get(index);
  }

  public int size() {
    return names.size();
  }

  /** The index of the column with exactly this name, or −1. */
  public int indexOf(String name) {
    return indexes.getOrDefault(name, -1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ColumnLayout that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
