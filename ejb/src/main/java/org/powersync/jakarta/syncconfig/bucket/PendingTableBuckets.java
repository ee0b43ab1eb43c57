package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.PendingBuckets;
import org.powersync.jakarta.syncconfig.ResolvedBucket;

/**
 * The buckets of a table parameter query: one for each result row of each lookup.
 *
 * @param lookups in order, duplicates count twice
 */
record PendingTableBuckets(
    List<ParameterLookup> lookups, Function<OutputRow, ResolvedBucket> bucket)
    implements PendingBuckets {
  PendingTableBuckets {
    lookups = List.copyOf(lookups);
  }

  @Override
  public Resumed resume(Map<ParameterLookup, List<OutputRow>> found) {
    List<ResolvedBucket> buckets = new ArrayList<>();
    for (ParameterLookup lookup : lookups) {
      found.getOrDefault(lookup, List.of()).forEach(row -> buckets.add(bucket.apply(row)));
    }
    return new Resumed(buckets, List.of());
  }
}
