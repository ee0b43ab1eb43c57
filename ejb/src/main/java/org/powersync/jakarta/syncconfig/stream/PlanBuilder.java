package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanInput;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;

/**
 * Makes the plan out of resolved terms: numbers them, merges equal ones of a stream, and shares
 * data sources, buckets and lookups between streams (sync config section 9.3).
 */
final class PlanBuilder {
  private static final String LOOKUP_SCOPE = "lookup";

  private final Numbered<SyncPlan.DataSource> sources = new Numbered<>();
  private final Numbered<Index> indexes = new Numbered<>();
  private final List<SyncPlan.Bucket> buckets = new ArrayList<>();
  private final Map<Set<Integer>, Integer> bucketsBySources = new HashMap<>();
  private final List<SyncPlan.Stream> streams = new ArrayList<>();

  /** What makes two lookups the same. */
  private record Index(SyncPlan.Processor processor, List<PlanExpression<PlanInput>> outputs) {}

  /** Distinct things by order of first use. */
  private static final class Numbered<T> {
    private final Map<T, Integer> numbers = new LinkedHashMap<>();

    int of(T thing) {
      return numbers.computeIfAbsent(thing, t -> numbers.size());
    }

    List<T> all() {
      return List.copyOf(numbers.keySet());
    }
  }

  /** A value without regard to the order of lookups, to see which terms are equal. */
  private sealed interface Meaning {
    record Request(PlanExpression<PlanInput> expression) implements Meaning {}

    record Output(Entry entry, int output) implements Meaning {}

    record Intersection(List<Meaning> values) implements Meaning {}
  }

  /** A lookup or table function together with everything it is asked with. */
  private record Entry(Object definition, List<Meaning> keys) {}

  private record TermMeaning(
      List<PlanExpression<PlanInput>> requestFilters, Set<Entry> entries, List<Meaning> values) {}

  /** Terms that are one bucket: the number of the first, and the data of all. */
  private record Merged(int number, SyncPlan.Querier querier, Set<Integer> sources) {}

  /**
   * Adds a stream.
   *
   * @return how many buckets it has
   */
  int add(String name, int priority, boolean autoSubscribe, List<ResolvedTerm> terms) {
    Map<TermMeaning, Merged> merged = new LinkedHashMap<>();
    for (int number = 0; number < terms.size(); number++) {
      ResolvedTerm term = terms.get(number);
      TermPlan plan = new TermPlan(term);
      Merged first = new Merged(number, plan.querier(), new LinkedHashSet<>());
      Merged known = merged.putIfAbsent(plan.meaning(), first);
      (known == null ? first : known).sources().add(sources.of(term.dataSource()));
    }
    List<SyncPlan.Querier> queriers = new ArrayList<>();
    for (Merged one : merged.values()) {
      SyncPlan.Querier querier = one.querier();
      queriers.add(
          new SyncPlan.Querier(
              querier.requestFilters(),
              querier.stages(),
              bucket(name + "|" + one.number(), one.sources()),
              querier.values()));
    }
    streams.add(new SyncPlan.Stream(name, priority, autoSubscribe, queriers));
    return queriers.size();
  }

  private int bucket(String name, Set<Integer> ofSources) {
    return bucketsBySources.computeIfAbsent(
        new HashSet<>(ofSources),
        key -> {
          buckets.add(new SyncPlan.Bucket(name, List.copyOf(ofSources)));
          return buckets.size() - 1;
        });
  }

  SyncPlan plan() {
    List<SyncPlan.ParameterIndex> parameterIndexes = new ArrayList<>();
    for (Index index : indexes.all()) {
      parameterIndexes.add(
          new SyncPlan.ParameterIndex(
              index.processor(),
              index.outputs(),
              LOOKUP_SCOPE,
              Integer.toString(parameterIndexes.size())));
    }
    return new SyncPlan(sources.all(), buckets, parameterIndexes, streams);
  }

  /** One term in the terms of the plan. */
  private final class TermPlan {
    private final ResolvedTerm term;
    private final List<List<SyncPlan.StageEntry>> stages = new ArrayList<>();
    private final Map<Node, SyncPlan.Value.Output> places = new IdentityHashMap<>();
    private final Map<Node, Entry> entries = new IdentityHashMap<>();

    TermPlan(ResolvedTerm term) {
      this.term = term;
      for (List<Node> stage : term.stages()) {
        List<SyncPlan.StageEntry> planned = new ArrayList<>();
        for (Node node : stage) {
          places.put(node, new SyncPlan.Value.Output(stages.size(), planned.size(), 0));
          planned.add(entry(node));
        }
        stages.add(planned);
      }
    }

    private SyncPlan.StageEntry entry(Node node) {
      if (node instanceof Node.Table table) {
        int index = indexes.of(new Index(table.processor(), table.outputs()));
        List<Node.Key> keys = table.sortedKeys();
        entries.put(node, new Entry(index, keys.stream().map(this::meaning).toList()));
        return new SyncPlan.StageEntry.Lookup(index, keys.stream().map(this::value).toList());
      }
      Node.Function function = (Node.Function) node;
      SyncPlan.StageEntry.Function entry =
          new SyncPlan.StageEntry.Function(
              function.function(), function.outputs(), function.filters());
      entries.put(node, new Entry(entry, List.of()));
      return entry;
    }

    SyncPlan.Querier querier() {
      return new SyncPlan.Querier(
          requestFilters(),
          stages,
          -1,
          term.primary().sortedKeys().stream().map(this::value).toList());
    }

    TermMeaning meaning() {
      return new TermMeaning(
          requestFilters(),
          new HashSet<>(entries.values()),
          term.primary().sortedKeys().stream().map(this::meaning).toList());
    }

    private List<PlanExpression<PlanInput>> requestFilters() {
      return term.requestFilters().stream().map(ResolvedTerm::request).toList();
    }

    private SyncPlan.Value value(Node.Key key) {
      List<SyncPlan.Value> values = key.sources().stream().map(this::value).toList();
      return values.size() == 1 ? values.get(0) : new SyncPlan.Value.Intersection(values);
    }

    private SyncPlan.Value value(Node.Source source) {
      if (source instanceof Node.Source.Request request) {
        return new SyncPlan.Value.Request(ResolvedTerm.request(request.expression()));
      }
      Node.Source.Output output = (Node.Source.Output) source;
      SyncPlan.Value.Output place = places.get(output.node());
      return new SyncPlan.Value.Output(place.stage(), place.entry(), output.index());
    }

    private Meaning meaning(Node.Key key) {
      List<Meaning> values = key.sources().stream().map(this::meaning).toList();
      return values.size() == 1 ? values.get(0) : new Meaning.Intersection(values);
    }

    private Meaning meaning(Node.Source source) {
      if (source instanceof Node.Source.Request request) {
        return new Meaning.Request(ResolvedTerm.request(request.expression()));
      }
      Node.Source.Output output = (Node.Source.Output) source;
      return new Meaning.Output(entries.get(output.node()), output.index());
    }
  }
}
