package org.powersync.jakarta.syncconfig.expression;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;

/** The columns that one query reads, numbered in order of first use. Used while compiling. */
public final class RowColumns {
  private final List<String> names = new ArrayList<>();

  /** The slot of a column. */
  public int slot(String name) {
    int slot = names.indexOf(name);
    if (slot < 0) {
      slot = names.size();
      names.add(name);
    }
    return slot;
  }

  /** The columns by slot. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** Where the columns of each slot stand in a layout; −1 for those it does not have. */
  public static int[] positions(List<String> names, ColumnLayout layout) {
    int[] positions = new int[names.size()];
    for (int slot = 0; slot < positions.length; slot++) {
      positions[slot] = layout.indexOf(names.get(slot));
    }
    return positions;
  }
}
