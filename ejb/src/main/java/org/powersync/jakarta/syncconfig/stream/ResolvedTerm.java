package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanInput;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;

/**
 * An AND term taken apart.
 *
 * @param primary the node of the primary table
 * @param others lookups and table functions over request data, in order of discovery
 * @param requestFilters what has to be true for the request
 */
record ResolvedTerm(
    StreamQuery query,
    Node.Table primary,
    List<Node> others,
    List<PlanExpression<Reference>> requestFilters) {

  /** The nodes by stage, those that others depend on first. */
  List<List<Node>> stages() {
    int deepest = others.stream().mapToInt(Node::depth).max().orElse(0);
    List<List<Node>> stages = new ArrayList<>();
    for (int depth = deepest; depth > 0; depth--) {
      int level = depth;
      stages.add(others.stream().filter(node -> node.depth() == level).toList());
    }
    return stages;
  }

  /** What goes into buckets. */
  SyncPlan.DataSource dataSource() {
    List<SyncPlan.OutputColumn> columns = new ArrayList<>();
    for (StreamQuery.Column column : query.columns()) {
      columns.add(
          column.expression().isPresent()
              ? new SyncPlan.OutputColumn.Named(
                  primary.local(column.expression().get()), column.alias())
              : new SyncPlan.OutputColumn.Star());
    }
    return new SyncPlan.DataSource(primary.processor(), columns, primary.item().outputName());
  }

  /** An expression over the request, as the plan writes it. */
  static PlanExpression<PlanInput> request(PlanExpression<Reference> expression) {
    return expression.map(reference -> ((Reference.RequestData) reference).which());
  }
}
