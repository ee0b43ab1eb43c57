package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A query over {@code json_each}: one bucket for each element that passes the condition.
 *
 * @param document the argument of {@code json_each}
 * @param fixedJson the option {@code fixed_json_extract}
 */
record ElementQuery(
    int priority,
    String sql,
    Computation document,
    boolean fixedJson,
    Computation condition,
    List<RequestColumn> columns)
    implements ParameterQuery {
  /** Slot of the column {@code key}. */
  static final int KEY = 0;

  /** Slot of the column {@code value}. */
  static final int VALUE = 1;

  private record ElementInputs(RequestValues request, JsonValues.Element element)
      implements Inputs {
    @Override
    public SqlValue column(int slot) {
      return slot == KEY ? element.key() : element.value();
    }
  }

  @Override
  public List<String> parameters() {
    return columns.stream().map(RequestColumn::name).toList();
  }

  /** The parameters of each bucket. */
  List<SqlValue[]> buckets(RequestValues request) {
    List<SqlValue[]> buckets = new ArrayList<>();
    for (JsonValues.Element element : JsonValues.each(document.compute(request), fixedJson)) {
      ElementInputs inputs = new ElementInputs(request, element);
      if (Casts.truth(condition.compute(inputs))) {
        buckets.add(
            columns.stream()
                .map(column -> column.computation().compute(inputs))
                .toArray(SqlValue[]::new));
      }
    }
    return buckets;
  }
}
