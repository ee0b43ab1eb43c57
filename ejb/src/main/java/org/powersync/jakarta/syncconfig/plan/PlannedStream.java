package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.Definition;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.DeployedDefinition;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.PendingBuckets;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.schema.SubscribableStream;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A stream ready to run. */
final class PlannedStream implements Definition {
  private final SyncPlan.Stream stream;
  private final SyncPlan plan;
  private final List<Integer> sources;
  private final List<Integer> indexes;
  private final ExpressionRules rules;
  private final String defaultSchema;
  private final List<CompiledQuerier> queriers;

  /**
   * @param sources the data sources that are evaluated for this stream
   * @param indexes the parameter indexes that are evaluated for this stream
   */
  PlannedStream(
      SyncPlan.Stream stream,
      SyncPlan plan,
      List<Integer> sources,
      List<Integer> indexes,
      ExpressionRules rules,
      String defaultSchema) {
    this.stream = stream;
    this.plan = plan;
    this.sources = List.copyOf(sources);
    this.indexes = List.copyOf(indexes);
    this.rules = rules;
    this.defaultSchema = defaultSchema;
    this.queriers =
        stream.queriers().stream()
            .map(querier -> new CompiledQuerier(querier, plan, rules))
            .toList();
  }

  @Override
  public DefinitionInfo info() {
    return new DefinitionInfo(stream.name(), stream.autoSubscribe(), true);
  }

  @Override
  public List<TablePattern> sourceTables() {
    return Stream.concat(
            sources.stream().map(source -> pattern(plan.dataSources().get(source).processor())),
            indexes.stream().map(index -> pattern(plan.parameterIndexes().get(index).processor())))
        .toList();
  }

  @Override
  public List<ResultTable> results() {
    return sources.stream().map(source -> result(plan.dataSources().get(source))).toList();
  }

  private ResultTable result(SyncPlan.DataSource source) {
    return new ResultTable(
        pattern(source.processor()),
        source.outputTable(),
        source.columns().stream().map(PlanKinds::column).toList());
  }

  @Override
  public Optional<SubscribableStream> subscribable() {
    return stream.autoSubscribe()
        ? Optional.empty()
        : Optional.of(new StreamParameters(plan, this::pattern).of(stream));
  }

  private TablePattern pattern(SyncPlan.Processor processor) {
    return PlannedStreams.pattern(processor.table(), defaultSchema);
  }

  @Override
  public DeployedDefinition deployed(BucketNaming naming) {
    return new Deployed(naming);
  }

  private final class Deployed implements DeployedDefinition {
    private final BucketNaming naming;

    Deployed(BucketNaming naming) {
      this.naming = naming;
    }

    @Override
    public List<RowQuery<BucketRow>> dataQueries(TableName table) {
      List<RowQuery<BucketRow>> queries = new ArrayList<>();
      for (int number : sources) {
        SyncPlan.DataSource source = plan.dataSources().get(number);
        TablePattern pattern = pattern(source.processor());
        if (pattern.matches(table)) {
          queries.add(
              new DataSourceQuery(stream.name(), prefixes(number), source, pattern, table, rules));
        }
      }
      return queries;
    }

    private List<String> prefixes(int source) {
      return plan.buckets().stream()
          .filter(bucket -> bucket.sources().contains(source))
          .map(bucket -> naming.prefix(bucket.name()))
          .toList();
    }

    @Override
    public List<RowQuery<ParameterEntry>> parameterQueries(TableName table) {
      List<RowQuery<ParameterEntry>> queries = new ArrayList<>();
      for (int number : indexes) {
        SyncPlan.ParameterIndex index = plan.parameterIndexes().get(number);
        TablePattern pattern = pattern(index.processor());
        if (pattern.matches(table)) {
          queries.add(new ParameterIndexQuery(stream.name(), index, pattern, table, rules));
        }
      }
      return queries;
    }

    @Override
    public Resolution evaluate(SyncRequest request, RequestValues values) {
      Results results = new Results(naming, values);
      IntStream.range(0, request.subscriptions().size())
          .filter(i -> request.subscriptions().get(i).stream().equals(stream.name()))
          .forEach(
              i -> {
                SyncRequest.Subscription subscription = request.subscriptions().get(i);
                results.add(
                    subscription.parameters(),
                    subscription.priority().orElse(stream.priority()),
                    SyncRequest.Reason.ofSubscription(i));
              });
      if (stream.autoSubscribe() && request.includeDefaults()) {
        results.add(null, stream.priority(), SyncRequest.Reason.DEFAULT);
      }
      return new Resolution(results.buckets, results.pending, results.errors);
    }
  }

  /** Collects what the subscriptions of one request read. */
  private final class Results {
    private final BucketNaming naming;
    private final RequestValues values;
    private final List<ResolvedBucket> buckets = new ArrayList<>();
    private final List<PendingBuckets> pending = new ArrayList<>();
    private final List<SyncRequest.StreamError> errors = new ArrayList<>();

    Results(BucketNaming naming, RequestValues values) {
      this.naming = naming;
      this.values = values;
    }

    void add(Map<String, Object> subscription, int priority, SyncRequest.Reason reason) {
      SubscriptionInputs inputs = new SubscriptionInputs(values, subscription);
      for (CompiledQuerier querier : queriers) {
        try {
          add(querier, inputs, bucket(querier, priority, reason));
        } catch (EvaluationException e) {
          errors.add(
              new SyncRequest.StreamError(
                  stream.name(), Optional.of(reason), e.about(), e.getMessage()));
        }
      }
    }

    private void add(
        CompiledQuerier querier,
        SubscriptionInputs inputs,
        Function<SqlValue[], ResolvedBucket> bucket) {
      Optional<JoinedRows> start = querier.start(inputs);
      if (start.isEmpty()) {
        return;
      }
      if (querier.lookupStages().isEmpty()) {
        querier.buckets(start.get()).forEach(keys -> buckets.add(bucket.apply(keys)));
      } else {
        pending.add(new PendingStage(querier, start.get(), 0, bucket));
      }
    }

    private Function<SqlValue[], ResolvedBucket> bucket(
        CompiledQuerier querier, int priority, SyncRequest.Reason reason) {
      String prefix = naming.prefix(querier.bucketName());
      return keys ->
          new ResolvedBucket(
              new BucketName(prefix.concat(RowJson.parameters(keys))),
              priority,
              stream.name(),
              List.of(reason));
    }
  }
}
