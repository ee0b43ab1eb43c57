package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanInput;

/**
 * Warns about buckets that a client can choose freely: their values come only from what it says
 * itself (sync config section 13, {@code dangerous-parameters}).
 */
record DangerCheck(Report report) {

  void check(ResolvedTerm term) {
    List<Reference.RequestData> data = new ArrayList<>();
    addValues(term.primary(), data);
    if (data.isEmpty()) {
      term.requestFilters().forEach(filter -> add(filter, data));
    }
    if (!data.isEmpty() && data.stream().noneMatch(d -> d.which() == PlanInput.Request.AUTH)) {
      report.warning(
          "dangerous-parameters",
          "Nothing here depends on the token, so any client can read any of these buckets. Use"
              + " auth, or set accept_potentially_dangerous_queries: true if that is meant",
          data.get(0).origin());
    }
  }

  private static void addValues(Node node, List<Reference.RequestData> data) {
    if (node instanceof Node.Table table) {
      for (Node.Key key : table.sortedKeys()) {
        for (Node.Source source : key.sources()) {
          if (source instanceof Node.Source.Request request) {
            add(request.expression(), data);
          } else {
            addValues(((Node.Source.Output) source).node(), data);
          }
        }
      }
    } else {
      ((Node.Function) node).item().arguments().forEach(argument -> add(argument, data));
    }
  }

  private static void add(PlanExpression<Reference> expression, List<Reference.RequestData> data) {
    expression.forEachInput(
        reference -> {
          if (reference instanceof Reference.RequestData request) {
            data.add(request);
          }
        });
  }
}
