package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.schema.SubscribableStream;

/**
 * Finds the subscription parameters of a stream and what they are compared with: a value of a
 * bucket or a lookup is compared with the key in the same place.
 */
final class StreamParameters {
  private final SyncPlan plan;
  private final Function<SyncPlan.Processor, TablePattern> patterns;
  private final Map<String, List<SubscribableStream.Compared>> found = new TreeMap<>();

  StreamParameters(SyncPlan plan, Function<SyncPlan.Processor, TablePattern> patterns) {
    this.plan = plan;
    this.patterns = patterns;
  }

  SubscribableStream of(SyncPlan.Stream stream) {
    stream.queriers().forEach(this::querier);
    List<SubscribableStream.Parameter> parameters = new ArrayList<>();
    found.forEach((name, all) -> parameters.add(new SubscribableStream.Parameter(name, all)));
    return new SubscribableStream(stream.name(), parameters);
  }

  private void querier(SyncPlan.Querier querier) {
    querier.requestFilters().forEach(this::uses);
    querier.stages().stream().flatMap(List::stream).forEach(this::entry);
    for (int source : plan.buckets().get(querier.bucket()).sources()) {
      values(querier.values(), plan.dataSources().get(source).processor());
    }
  }

  private void entry(SyncPlan.StageEntry entry) {
    if (entry instanceof SyncPlan.StageEntry.Lookup lookup) {
      values(lookup.keys(), plan.parameterIndexes().get(lookup.index()).processor());
    } else if (entry instanceof SyncPlan.StageEntry.Function function) {
      function.function().arguments().forEach(this::uses);
      function.filters().forEach(this::uses);
      function.outputs().forEach(this::uses);
    }
  }

  private void values(List<SyncPlan.Value> values, SyncPlan.Processor processor) {
    for (int i = 0; i < values.size(); i++) {
      value(values.get(i), processor, processor.keys().get(i));
    }
  }

  private void value(
      SyncPlan.Value value, SyncPlan.Processor processor, PlanExpression<PlanInput> key) {
    if (value instanceof SyncPlan.Value.Intersection common) {
      common.values().forEach(each -> value(each, processor, key));
    } else if (value instanceof SyncPlan.Value.Request request) {
      uses(request.expression());
      parameter(request.expression())
          .ifPresent(
              name ->
                  found
                      .get(name)
                      .add(
                          new SubscribableStream.Compared(
                              patterns.apply(processor), PlanKinds.of(key))));
    }
  }

  private void uses(PlanExpression<PlanInput> expression) {
    parameter(expression).ifPresent(name -> found.computeIfAbsent(name, n -> new ArrayList<>()));
    expression.parts().forEach(this::uses);
  }

  /** The name, when the expression is {@code subscription.parameter('name')}. */
  private static Optional<String> parameter(PlanExpression<PlanInput> expression) {
    if (expression instanceof PlanExpression.Call<PlanInput> call
        && call.parameters().size() == 2
        && call.function().startsWith("->")
        && call.parameters().get(0) instanceof PlanExpression.Input<PlanInput> input
        && input.source() == PlanInput.Request.SUBSCRIPTION
        && call.parameters().get(1) instanceof PlanExpression.TextLiteral<PlanInput> key) {
      return Optional.of(member(key.value()));
    }
    return Optional.empty();
  }

  /** The member of the parameters that a path begins with. */
  private static String member(String path) {
    if (!path.startsWith("$.")) {
      return path;
    }
    int end = path.indexOf('.', 2);
    return path.substring(2, end < 0 ? path.length() : end);
  }
}
