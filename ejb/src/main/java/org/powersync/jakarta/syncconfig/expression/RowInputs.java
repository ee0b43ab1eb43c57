package org.powersync.jakarta.syncconfig.expression;

import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A row of a source table as inputs of one query. Used by one thread. */
public final class RowInputs implements Inputs {
  private final SourceRow row;
  private final int[] positions;
  private final SqlValue tableSuffix;
  private final Documents documents = new Documents();

  /**
   * @param positions of the query's columns in the row, by slot
   */
  public RowInputs(SourceRow row, int[] positions, SqlValue tableSuffix) {
    this.row = row;
    this.positions = positions;
    this.tableSuffix = tableSuffix;
  }

  public SourceRow row() {
    return row;
  }

  /** How many columns the query reads. */
  public int slots() {
    return positions.length;
  }

  @Override
  public SqlValue tableSuffix() {
    return tableSuffix;
  }

  @Override
  public SqlValue column(int slot) {
    SqlValue value = raw(slot);
    return value == SqlValue.ABSENT ? SqlValue.NULL : value;
  }

  @Override
  public Object document(int slot) {
    return documents.of(slot, positions.length, column(slot));
  }

  /** The column of a slot, absent when the row does not have it. */
  public SqlValue raw(int slot) {
    int position = positions[slot];
    return position < 0 ? SqlValue.ABSENT : row.value(position);
  }
}
