package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What gives rows to a querier. A row is the array of its outputs; its identity matters. */
sealed interface QuerierEntry {

  /** A stored lookup; {@code stage} says when it is asked. */
  record Lookup(int stage, String scope, String queryId, List<KeyValue> keys, int outputs)
      implements QuerierEntry {

    /** The usable rows of an answer. */
    List<SqlValue[]> rows(List<OutputRow> found) {
      List<SqlValue[]> rows = new ArrayList<>(found.size());
      for (OutputRow row : found) {
        SqlValue[] values = new SqlValue[outputs];
        for (int i = 0; i < outputs; i++) {
          int position = row.names().indexOf(Integer.toString(i));
          values[i] = position < 0 ? SqlValue.NULL : row.values().get(position);
        }
        if (usable(values)) {
          rows.add(values);
        }
      }
      return rows;
    }
  }

  /** A table function over request data. */
  record Function(JsonEach function, Computation[] filters, Computation[] outputs)
      implements QuerierEntry {

    /** The rows that pass the filters. */
    List<SqlValue[]> rows(SubscriptionInputs request) {
      List<SqlValue[]> rows = new ArrayList<>();
      for (JsonValues.Element element : function.rows(request)) {
        SubscriptionInputs inputs = request.with(element);
        if (Arrays.stream(filters).allMatch(filter -> Casts.truth(filter.compute(inputs)))) {
          SqlValue[] values = new SqlValue[outputs.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = outputs[i].compute(inputs);
          }
          if (usable(values)) {
            rows.add(values);
          }
        }
      }
      return rows;
    }
  }

  private static boolean usable(SqlValue[] values) {
    for (SqlValue value : values) {
      if (value == SqlValue.NULL || value instanceof SqlValue.Blob) {
        return false;
      }
    }
    return true;
  }
}
