package org.powersync.jakarta.syncconfig;

import java.util.List;

/**
 * A request evaluated against a config: the buckets known at once, and those that depend on
 * lookups. Immutable; {@link #dynamicBuckets} may be called again at every checkpoint.
 */
public interface RequestEvaluation {
  /** Buckets that depend on the request alone, before merging duplicates. */
  List<ResolvedBucket> staticBuckets();

  /** Streams that failed for this request; the others are not affected. */
  List<SyncRequest.StreamError> errors();

  /** True when some bucket depends on parameter lookups. */
  boolean dynamic();

  /**
   * Asks the lookups (one call of the source per dependency level) and returns the buckets they
   * give, before merging duplicates.
   */
  List<ResolvedBucket> dynamicBuckets(LookupSource source);
}
