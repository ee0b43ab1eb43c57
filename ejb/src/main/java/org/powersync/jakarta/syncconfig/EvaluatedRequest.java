package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The resolutions of all definitions of a request taken together. */
record EvaluatedRequest(
    List<ResolvedBucket> staticBuckets,
    List<SyncRequest.StreamError> errors,
    List<PendingBuckets> pending)
    implements RequestEvaluation {
  EvaluatedRequest {
    staticBuckets = List.copyOf(staticBuckets);
    errors = List.copyOf(errors);
    pending = List.copyOf(pending);
  }

  @Override
  public boolean dynamic() {
    return !pending.isEmpty();
  }

  @Override
  public List<ResolvedBucket> dynamicBuckets(LookupSource source) {
    List<ResolvedBucket> buckets = new ArrayList<>();
    List<PendingBuckets> level = pending;
    while (!level.isEmpty()) {
      Set<ParameterLookup> lookups = new LinkedHashSet<>();
      level.forEach(query -> lookups.addAll(query.lookups()));
      Map<ParameterLookup, List<OutputRow>> found =
          lookups.isEmpty() ? Map.of() : source.find(List.copyOf(lookups));
      List<PendingBuckets> next = new ArrayList<>();
      for (PendingBuckets query : level) {
        PendingBuckets.Resumed resumed = query.resume(found);
        buckets.addAll(resumed.buckets());
        next.addAll(resumed.pending());
      }
      level = next;
    }
    return List.copyOf(buckets);
  }
}
