package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bucket that a request may read.
 *
 * @param bucket the bucket
 * @param priority 0 (most urgent) to 3
 * @param definition the bucket definition or stream that yields it
 * @param reasons why it is included, at least one
 */
public record ResolvedBucket(
    BucketName bucket, int priority, String definition, List<SyncRequest.Reason> reasons) {

  /**
   * Each bucket once, in order of first appearance: most urgent priority, reasons concatenated,
   * first definition kept (sync config section 10.3, decision A10).
   */
  public static List<ResolvedBucket> merge(Collection<ResolvedBucket> buckets) {
    Map<BucketName, ResolvedBucket> merged = new LinkedHashMap<>();
    for (ResolvedBucket bucket : buckets) {
      merged.merge(bucket.bucket, bucket, ResolvedBucket::with);
    }
    return List.copyOf(merged.values());
  }

  private ResolvedBucket with(ResolvedBucket other) {
    List<SyncRequest.Reason> both = new ArrayList<>(reasons);
    both.addAll(other.reasons);
    return new ResolvedBucket(
        bucket, Math.min(priority, other.priority), definition, List.copyOf(both));
  }
}
