package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A stream of edition 2 ready to run. */
public final class EarlyStream implements Definition {
  /** What {@code priority} says is ignored in this edition (decision A16). */
  private static final int PRIORITY = 3;

  private final String name;
  private final boolean autoSubscribe;
  private final Optional<Query> query;

  /** The query of a stream; one without produces nothing. */
  record Query(String sql, TableProjection projection, List<Variant> variants) {
    Query {
      variants = List.copyOf(variants);
    }

    List<Lookup> lookups() {
      return variants.stream().flatMap(variant -> variant.lookups().stream()).toList();
    }
  }

  EarlyStream(String name, boolean autoSubscribe, Optional<Query> query) {
    this.name = name;
    this.autoSubscribe = autoSubscribe;
    this.query = query;
  }

  @Override
  public DefinitionInfo info() {
    return new DefinitionInfo(name, autoSubscribe, true);
  }

  @Override
  public List<TablePattern> sourceTables() {
    Set<TablePattern> tables = new LinkedHashSet<>();
    query.ifPresent(
        q -> {
          tables.add(q.projection().table());
          q.lookups().forEach(lookup -> tables.add(lookup.subquery().table()));
        });
    return List.copyOf(tables);
  }

  @Override
  public List<ResultTable> results() {
    return query.map(q -> List.of(q.projection().result())).orElse(List.of());
  }

  @Override
  public DeployedDefinition deployed(BucketNaming naming) {
    return new Deployed(naming.prefix(name) + "|");
  }

  private final class Deployed implements DeployedDefinition {
    private final String prefix;

    Deployed(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public List<RowQuery<BucketRow>> dataQueries(TableName table) {
      return query
          .filter(q -> q.projection().table().matches(table))
          .map(q -> List.<RowQuery<BucketRow>>of(new StreamRows(name, q, table, prefix)))
          .orElse(List.of());
    }

    @Override
    public List<RowQuery<ParameterEntry>> parameterQueries(TableName table) {
      return query.map(Query::lookups).orElse(List.of()).stream()
          .filter(lookup -> lookup.subquery().table().matches(table))
          .map(lookup -> lookup.over(table))
          .toList();
    }

    @Override
    public Resolution evaluate(SyncRequest request, RequestValues values) {
      Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < request.subscriptions().size(); i++) {
        SyncRequest.Subscription subscription = request.subscriptions().get(i);
        if (subscription.stream().equals(name)) {
          evaluate(
              new SubscriptionInputs(values, subscription.parameters()),
              SyncRequest.Reason.ofSubscription(i),
              subscription.priority().orElse(PRIORITY),
              found);
        }
      }
      if (autoSubscribe) {
        Inputs inputs = new SubscriptionInputs(values, Map.of());
        evaluate(inputs, SyncRequest.Reason.DEFAULT, PRIORITY, found);
      }
      return new Resolution(found.buckets, found.pending, found.errors);
    }

    private void evaluate(Inputs inputs, SyncRequest.Reason reason, int priority, Found found) {
      if (query.isEmpty()) {
        return;
      }
      for (Variant variant : query.get().variants()) {
        try {
          evaluate(variant, inputs, bucketOf(variant, reason, priority), found);
        } catch (EvaluationException e) {
          found.errors.add(
              new SyncRequest.StreamError(name, Optional.of(reason), e.about(), e.getMessage()));
        }
      }
    }

    private void evaluate(
        Variant variant, Inputs inputs, Function<SqlValue[], ResolvedBucket> bucket, Found found) {
      Optional<List<List<SqlValue>>> values = variant.ofRequest(inputs);
      if (values.isEmpty()) {
        return;
      }
      if (variant.lookups().isEmpty()) {
        Values.combinations(values.get()).forEach(p -> found.buckets.add(bucket.apply(p)));
      } else {
        PendingVariant.of(variant, values.get(), inputs, bucket).ifPresent(found.pending::add);
      }
    }

    private Function<SqlValue[], ResolvedBucket> bucketOf(
        Variant variant, SyncRequest.Reason reason, int priority) {
      return parameters ->
          new ResolvedBucket(
              new BucketName(prefix + variant.number() + RowJson.parameters(parameters)),
              priority,
              name,
              List.of(reason));
    }
  }

  private record Found(
      List<ResolvedBucket> buckets,
      List<PendingBuckets> pending,
      List<SyncRequest.StreamError> errors) {}
}
