package org.powersync.jakarta.syncconfig.plan;

import org.powersync.jakarta.syncconfig.expression.Documents;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A source row, and one row of each table function that runs with it. Used by one thread. */
final class RowContext implements Inputs {
  private final SourceRow row;
  private final int[] positions;
  private final JsonValues.Element[] elements;
  private final Documents documents = new Documents();

  RowContext(SourceRow row, int[] positions, int functions) {
    this.row = row;
    this.positions = positions;
    this.elements = functions == 0 ? null : new JsonValues.Element[functions];
  }

  SourceRow row() {
    return row;
  }

  void select(int function, JsonValues.Element element) {
    elements[function] = element;
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
  SqlValue raw(int slot) {
    int position = positions[slot];
    return position < 0 ? SqlValue.ABSENT : row.value(position);
  }

  @Override
  public SqlValue functionOutput(int function, int column) {
    return JsonEach.value(elements[function], column);
  }
}
