package org.powersync.jakarta.syncconfig.stream;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;

/**
 * A query of a stream with its names resolved.
 *
 * @param primary the table whose rows are synced
 * @param columns the select list
 * @param terms the OR of ANDs of its conditions
 */
record StreamQuery(Item.Table primary, List<Column> columns, List<List<Part>> terms) {

  /**
   * A result column.
   *
   * @param expression empty for {@code *}
   */
  record Column(Optional<PlanExpression<Reference>> expression, String alias) {}
}
