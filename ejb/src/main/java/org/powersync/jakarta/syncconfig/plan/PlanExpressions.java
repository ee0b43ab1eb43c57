package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;

/** Finds the expressions of a plan. */
final class PlanExpressions {
  private final List<PlanExpression<PlanInput>> found = new ArrayList<>();

  private PlanExpressions() {}

  /** All expressions over source rows. */
  static List<PlanExpression<PlanInput>> of(SyncPlan plan) {
    PlanExpressions expressions = new PlanExpressions();
    for (SyncPlan.DataSource source : plan.dataSources()) {
      expressions.add(source.processor());
      for (SyncPlan.OutputColumn column : source.columns()) {
        if (column instanceof SyncPlan.OutputColumn.Named named) {
          expressions.found.add(named.expression());
        }
      }
    }
    for (SyncPlan.ParameterIndex index : plan.parameterIndexes()) {
      expressions.add(index.processor());
      expressions.found.addAll(index.outputs());
    }
    return expressions.found;
  }

  private void add(SyncPlan.Processor processor) {
    processor.functions().forEach(function -> found.addAll(function.arguments()));
    found.addAll(processor.filters());
    found.addAll(processor.keys());
  }
}
