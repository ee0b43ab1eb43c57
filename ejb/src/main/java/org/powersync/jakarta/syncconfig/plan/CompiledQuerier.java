package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A querier ready to run (sync config section 9.5). Immutable; safe for all threads. */
final class CompiledQuerier {
  private final Computation[] filters;
  private final List<QuerierEntry> entries;
  private final List<List<Integer>> lookupStages;
  private final Computation[] requestValues;
  private final List<KeyValue> values;
  private final String bucketName;

  /**
   * @param rules for its expressions
   */
  CompiledQuerier(SyncPlan.Querier querier, SyncPlan plan, ExpressionRules rules) {
    this.bucketName = plan.buckets().get(querier.bucket()).name();
    ExpressionCompiler requests = new ExpressionCompiler(rules, CompiledQuerier::requestInput);
    this.filters = requests.compileConditions(querier.requestFilters());
    Numbering numbering = new Numbering(querier.stages(), requests);
    List<QuerierEntry> compiled = new ArrayList<>();
    List<List<Integer>> stages = new ArrayList<>();
    for (int stage = 0; stage < querier.stages().size(); stage++) {
      List<Integer> lookups = new ArrayList<>();
      for (SyncPlan.StageEntry entry : querier.stages().get(stage)) {
        if (entry instanceof SyncPlan.StageEntry.Lookup lookup) {
          lookups.add(compiled.size());
          SyncPlan.ParameterIndex index = plan.parameterIndexes().get(lookup.index());
          compiled.add(
              new QuerierEntry.Lookup(
                  stage,
                  index.scope(),
                  index.queryId(),
                  numbering.values(lookup.keys()),
                  index.outputs().size()));
        } else {
          compiled.add(function((SyncPlan.StageEntry.Function) entry, requests, rules));
        }
      }
      if (!lookups.isEmpty()) {
        stages.add(List.copyOf(lookups));
      }
    }
    this.values = numbering.values(querier.values());
    this.entries = List.copyOf(compiled);
    this.lookupStages = List.copyOf(stages);
    this.requestValues = numbering.requests.toArray(Computation[]::new);
  }

  private static QuerierEntry function(
      SyncPlan.StageEntry.Function entry, ExpressionCompiler requests, ExpressionRules rules) {
    ExpressionCompiler rows =
        new ExpressionCompiler(
            rules,
            input ->
                input instanceof PlanInput.Column column
                    ? new Computation.Column(JsonEach.column(column.name()))
                    : requestInput(input));
    return new QuerierEntry.Function(
        new JsonEach(entry.function(), requests, rules),
        rows.compileConditions(entry.filters()),
        rows.compileAll(entry.outputs()));
  }

  private static Computation requestInput(PlanInput input) {
    if (input instanceof PlanInput.Request request) {
      return new RequestDocument(request);
    }
    throw new IllegalArgumentException("A request has no " + input.hashText());
  }

  /** Gives numbers to entries and to values of the request. */
  private static final class Numbering {
    private final int[] firstOfStage;
    private final ExpressionCompiler expressions;
    private final List<Computation> requests = new ArrayList<>();

    Numbering(List<List<SyncPlan.StageEntry>> stages, ExpressionCompiler expressions) {
      this.expressions = expressions;
      this.firstOfStage = new int[stages.size()];
      for (int i = 1; i < firstOfStage.length; i++) {
        firstOfStage[i] = firstOfStage[i - 1] + stages.get(i - 1).size();
      }
    }

    List<KeyValue> values(List<SyncPlan.Value> values) {
      return values.stream().map(this::value).toList();
    }

    private KeyValue value(SyncPlan.Value value) {
      if (value instanceof SyncPlan.Value.Request request) {
        requests.add(expressions.compile(request.expression()));
        return new KeyValue.Request(requests.size() - 1);
      }
      if (value instanceof SyncPlan.Value.Output output) {
        return new KeyValue.Output(firstOfStage[output.stage()] + output.entry(), output.output());
      }
      return new KeyValue.Common(values(((SyncPlan.Value.Intersection) value).values()));
    }
  }

  /** The bucket's name without version. */
  String bucketName() {
    return bucketName;
  }

  List<QuerierEntry> entries() {
    return entries;
  }

  /** The lookups of each stage that has any. */
  List<List<Integer>> lookupStages() {
    return lookupStages;
  }

  /**
   * What is known without lookups; empty when this querier yields nothing for the request.
   *
   * @throws org.powersync.jakarta.syncconfig.value.EvaluationException when it cannot be evaluated
   */
  Optional<JoinedRows> start(SubscriptionInputs inputs) {
    for (Computation filter : filters) {
      if (!Casts.truth(filter.compute(inputs))) {
        return Optional.empty();
      }
    }
    Map<Integer, JoinedRows.Rows> rows = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) instanceof QuerierEntry.Function function) {
        List<SqlValue[]> found = function.rows(inputs);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        rows.put(i, new JoinedRows.Rows.Of(found));
      }
    }
    SqlValue[] known = new SqlValue[requestValues.length];
    for (int i = 0; i < known.length; i++) {
      SqlValue value = requestValues[i].compute(inputs);
      known[i] = value == SqlValue.NULL || value instanceof SqlValue.Blob ? null : value;
    }
    return Optional.of(new JoinedRows(entries, known, rows));
  }

  /** The values of the buckets once all lookups are answered. */
  List<SqlValue[]> buckets(JoinedRows rows) {
    for (int i = 0; i < entries.size(); i++) {
      if (rows.isEmpty(i)) {
        return List.of();
      }
    }
    return rows.combinations(values);
  }
}
