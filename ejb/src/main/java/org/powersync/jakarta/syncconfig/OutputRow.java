package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A row that a query put out: columns in output order, blobs and absent columns already dropped.
 * Immutable; shared by all buckets it goes to, so its JSON is built once.
 */
public final class OutputRow {
  private final List<String> names;
  private final List<SqlValue> values;
  private byte[] json;

  public OutputRow(List<String> names, List<SqlValue> values) {
    if (names.size() != values.size()) {
      throw new IllegalArgumentException(names.size() + " names, " + values.size() + " values");
    }
    this.names = names;
    this.values = values;
  }

  public List<String> names() {
    return names;
  }

  public List<SqlValue> values() {
    return values;
  }

  /**
   * The row as stored and sent: compact JSON in UTF-8 (storage section 3.6, sync config section
   * 11). Computed at the first call; a race computes it twice, which is harmless. Callers do not
   * change the array.
   */
  public byte[] json() {
    byte[] text = json;
    if (text == null) {
      text = org.powersync.jakarta.syncconfig.value.RowJson.write(names, values);
      json = text;
    }
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputRow that
        && names.equals(that.names)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    return names + "=" + values;
  }
}
