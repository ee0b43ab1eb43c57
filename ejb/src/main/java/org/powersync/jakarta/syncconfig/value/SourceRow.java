package org.powersync.jakarta.syncconfig.value;

import java.util.Arrays;
import java.util.List;

/**
 * One row of a source table: a shared layout and one value per column. Immutable by contract: the
 * array passed in is not copied and not changed afterwards.
 */
public final class SourceRow {
  private final ColumnLayout layout;
  private final SqlValue[] values;

  public SourceRow(ColumnLayout layout, SqlValue[] values) {
    if (layout.size() != values.length) {
      throw new IllegalArgumentException(
          "layout of " + layout.size() + " columns, " + values.length + " values");
    }
    this.layout = layout;
    this.values = values;
  }

  /** A row with a layout of its own; for tests and small rows. */
  public static SourceRow of(List<String> names, List<? extends SqlValue> values) {
    return new SourceRow(new ColumnLayout(names), values.toArray(SqlValue[]::new));
  }

  public ColumnLayout layout() {
    return layout;
  }

  public int size() {
    return values.length;
  }

  public SqlValue value(int index) {
    return values[index];
  }

  /** The value of the named column; {@link SqlValue#ABSENT} when there is no such column. */
  public SqlValue value(String name) {
    int index = layout.indexOf(name);
    return index < 0 ? SqlValue.ABSENT : values[index];
  }

  /** True when no column is absent. */
  public boolean complete() {
    for (SqlValue value : values) {
      if (value == SqlValue.ABSENT) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceRow that
        && layout.equals(that.layout)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * layout.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return layout + "=" + Arrays.toString(values);
  }
}
