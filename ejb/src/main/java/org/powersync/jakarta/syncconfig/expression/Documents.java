package org.powersync.jakarta.syncconfig.expression;

import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The JSON documents in the columns of one row, each parsed once. Used by one thread. */
public final class Documents {
  private static final Object NOTHING = new Object();

  private Object[] parsed;

  /**
   * @param slots how many columns there are
   * @return null for NULL and for a JSON null
   * @throws org.powersync.jakarta.syncconfig.value.EvaluationException when it is not JSON
   */
  public Object of(int slot, int slots, SqlValue column) {
    if (parsed == null) {
      parsed = new Object[slots];
    }
    Object document = parsed[slot];
    if (document == null) {
      document = JsonValues.parse(column);
      parsed[slot] = document == null ? NOTHING : document;
    }
    return document == NOTHING ? null : document;
  }
}
