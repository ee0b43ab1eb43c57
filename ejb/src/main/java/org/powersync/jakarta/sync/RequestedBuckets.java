package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;

/**
 * The buckets of one request: which streams are in force, and which buckets they give at a
 * checkpoint, each once (sync API section 3.5.1, decision A10). Immutable; safe for all threads.
 */
final class RequestedBuckets {
  private final StreamRequest request;
  private final RequestEvaluation evaluation;
  private final StreamLimits limits;
  private final List<StreamDescription> streams = new ArrayList<>();
  private final Map<String, Integer> streamIndexes = new HashMap<>();
  private final Set<String> streamDefinitions;

  RequestedBuckets(
      StreamRequest request,
      List<DefinitionInfo> definitions,
      RequestEvaluation evaluation,
      StreamLimits limits) {
    this.request = request;
    this.evaluation = evaluation;
    this.limits = limits;
    Set<String> named =
        request.subscriptions().stream()
            .map(StreamRequest.Subscription::stream)
            .collect(Collectors.toSet());
    this.streamDefinitions =
        definitions.stream()
            .filter(DefinitionInfo::isStream)
            .map(DefinitionInfo::name)
            .collect(Collectors.toSet());
    for (DefinitionInfo definition : definitions) {
      boolean byDefault = definition.isDefault() && request.includeDefaults();
      if (byDefault || named.contains(definition.name())) {
        streamIndexes.put(definition.name(), streams.size());
        streams.add(
            new StreamDescription(
                definition.name(), definition.isDefault(), problems(definition.name(), byDefault)));
      }
    }
  }

  /** Streams in force, in the order of the config. */
  List<StreamDescription> streams() {
    return streams;
  }

  private List<StreamDescription.Problem> problems(String stream, boolean byDefault) {
    List<StreamDescription.Problem> problems = new ArrayList<>();
    for (int i = 0; i < request.subscriptions().size(); i++) {
      StreamRequest.Subscription subscription = request.subscriptions().get(i);
      if (subscription.stream().equals(stream) && subscription.problem().isPresent()) {
        problems.add(
            new StreamDescription.Problem(OptionalInt.of(i), subscription.problem().get()));
      }
    }
    for (SyncRequest.StreamError error : evaluation.errors()) {
      if (error.definition().equals(stream)) {
        for (OptionalInt subscription : concerned(error, byDefault)) {
          problems.add(new StreamDescription.Problem(subscription, error.text()));
        }
      }
    }
    return List.copyOf(problems);
  }

  /** An error without a reason concerns every way in which the stream takes part. */
  private List<OptionalInt> concerned(SyncRequest.StreamError error, boolean byDefault) {
    if (error.reason().isPresent()) {
      return List.of(error.reason().get().subscription());
    }
    List<OptionalInt> all = new ArrayList<>();
    for (int i = 0; i < request.subscriptions().size(); i++) {
      if (request.subscriptions().get(i).stream().equals(error.definition())) {
        all.add(OptionalInt.of(i));
      }
    }
    if (byDefault || all.isEmpty()) {
      all.add(OptionalInt.empty());
    }
    return all;
  }

  /**
   * A bucket of the request.
   *
   * @param definition the first that gave it
   */
  record Requested(String definition, int priority, List<BucketReason> reasons) {
    private Requested with(Requested other) {
      List<BucketReason> both = new ArrayList<>(reasons);
      both.addAll(other.reasons);
      return new Requested(definition, Math.min(priority, other.priority), List.copyOf(both));
    }
  }

  /**
   * The buckets at a checkpoint.
   *
   * @param lookups whose results chose them
   * @param parameterRows how many results
   */
  record Resolved(
      Map<BucketName, Requested> buckets, Set<ParameterLookup> lookups, int parameterRows) {}

  /** The buckets at a checkpoint. Throws PSYNC_S2305 beyond a limit. */
  Resolved at(OpId checkpoint, BucketReader reader) {
    Map<BucketName, Requested> buckets = new LinkedHashMap<>();
    Set<ParameterLookup> lookups = Set.of();
    int rows = 0;
    merge(evaluation.staticBuckets(), buckets);
    if (evaluation.dynamic()) {
      BudgetedLookups source = new BudgetedLookups(reader, checkpoint, limits.parameterResults());
      merge(evaluation.dynamicBuckets(source), buckets);
      lookups = source.asked();
      rows = source.rows();
    }
    requireWithinLimit(buckets);
    return new Resolved(buckets, lookups, rows);
  }

  private void requireWithinLimit(Map<BucketName, Requested> buckets) {
    if (buckets.size() > limits.buckets()) {
      Map<String, Long> counts =
          buckets.values().stream()
              .collect(Collectors.groupingBy(Requested::definition, Collectors.counting()));
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2305,
              "Too many buckets for one connection; let the sync config put rows that are always"
                  + " synced together into one bucket")
          .with("buckets", buckets.size())
          .with("limit", limits.buckets())
          .with(label(counts.keySet()), Breakdown.of(counts, 100));
    }
  }

  /** What a breakdown is about, in the words of the sync config. */
  private String label(Set<String> counted) {
    return streamDefinitions.containsAll(counted) ? "sync streams" : "bucket definitions";
  }

  private void merge(Collection<ResolvedBucket> resolved, Map<BucketName, Requested> buckets) {
    for (ResolvedBucket bucket : resolved) {
      List<BucketReason> reasons = reasons(bucket);
      if (!reasons.isEmpty()) {
        buckets.merge(
            bucket.bucket(),
            new Requested(bucket.definition(), bucket.priority(), reasons),
            Requested::with);
      }
    }
  }

  /** The reasons as clients see them; those of refused subscriptions do not count. */
  private List<BucketReason> reasons(ResolvedBucket bucket) {
    List<BucketReason> reasons = new ArrayList<>(bucket.reasons().size());
    for (SyncRequest.Reason reason : bucket.reasons()) {
      if (reason.subscription().isEmpty()) {
        reasons.add(new BucketReason(BucketReason.Kind.DEFAULT, streamIndex(bucket)));
      } else {
        int index = reason.subscription().getAsInt();
        if (request.subscriptions().get(index).problem().isEmpty()) {
          reasons.add(new BucketReason(BucketReason.Kind.SUBSCRIPTION, index));
        }
      }
    }
    return reasons;
  }

  private int streamIndex(ResolvedBucket bucket) {
    Integer index = streamIndexes.get(bucket.definition());
    if (index == null) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S0001, "A bucket came from a stream that is not in force")
          .with("stream", bucket.definition());
    }
    return index;
  }
}
