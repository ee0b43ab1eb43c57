package org.powersync.jakarta.syncconfig.expression;

import java.util.Map;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What a computation may read. Asking for what is not there is a mistake of the compiler. */
public interface Inputs {
  /** The column of a slot; NULL when the row does not have it. */
  default SqlValue column(int slot) {
    throw new IllegalStateException("no row here");
  }

  /**
   * The JSON in the column of a slot, as {@link JsonValues#parse(SqlValue)} has it; not to be
   * changed. Inputs of rows parse it once for all that ask.
   */
  default Object document(int slot) {
    return JsonValues.parse(column(slot));
  }

  /** What {@code %} of the table pattern stands for. */
  default SqlValue tableSuffix() {
    throw new IllegalStateException("no table here");
  }

  /**
   * A column of a table function that runs with the row.
   *
   * @param function which of the row's functions
   */
  default SqlValue functionOutput(int function, int column) {
    throw new IllegalStateException("no table function here");
  }

  /** The parameters of the subscription at hand, as JSON; null for a default subscription. */
  default Map<String, Object> subscription() {
    throw new IllegalStateException("no subscription here");
  }

  /** The request at hand. */
  default RequestValues request() {
    throw new IllegalStateException("no request here");
  }
}
