package org.powersync.jakarta.syncconfig.bucket;

import java.util.List;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A query without FROM: one bucket when its condition is true. */
record StaticQuery(int priority, String sql, Computation condition, List<RequestColumn> columns)
    implements ParameterQuery {
  @Override
  public List<String> parameters() {
    return columns.stream().map(RequestColumn::name).toList();
  }

  /** The parameters of each bucket. */
  List<SqlValue[]> buckets(RequestValues request) {
    if (!Casts.truth(condition.compute(request))) {
      return List.of();
    }
    return List.<SqlValue[]>of(
        columns.stream()
            .map(column -> column.computation().compute(request))
            .toArray(SqlValue[]::new));
  }
}
