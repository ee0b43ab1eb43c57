package org.powersync.jakarta.syncconfig.expression;

import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A row of a source table as inputs.
 *
 * @param positions of the query's columns in the row, by slot
 */
public record RowInputs(SourceRow row, int[] positions, SqlValue tableSuffix) implements Inputs {
  @Override
  public SqlValue column(int slot) {
    SqlValue value = raw(slot);
    return value == SqlValue.ABSENT ? SqlValue.NULL : value;
  }

  /** The column of a slot, absent when the row does not have it. */
  public SqlValue raw(int slot) {
    int position = positions[slot];
    return position < 0 ? SqlValue.ABSENT : row.value(position);
  }
}
