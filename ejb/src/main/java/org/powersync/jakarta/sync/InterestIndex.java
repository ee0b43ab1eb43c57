package org.powersync.jakarta.sync;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** Which streams depend on a bucket or lookup. Guarded by its owner. */
final class InterestIndex {
  private final Map<BucketName, Set<StreamWatch>> byBucket = new HashMap<>();
  private final Map<ParameterLookup, Set<StreamWatch>> byLookup = new HashMap<>();

  /** A stream depends on other things than before. */
  void replace(StreamWatch watch, Dependencies before, Dependencies after) {
    replace(byBucket, watch, before.buckets(), after.buckets());
    replace(byLookup, watch, before.lookups(), after.lookups());
  }

  private static <K> void replace(
      Map<K, Set<StreamWatch>> index, StreamWatch watch, Set<K> before, Set<K> after) {
    if (before.equals(after)) {
      return;
    }
    for (K key : before) {
      if (!after.contains(key)) {
        index.computeIfPresent(
            key,
            (k, watches) -> {
              watches.remove(watch);
              return watches.isEmpty() ? null : watches;
            });
      }
    }
    for (K key : after) {
      index.computeIfAbsent(key, k -> new LinkedHashSet<>(2)).add(watch);
    }
  }

  /** Every stream that the changes concern; one may come several times. */
  void concerned(Changes.Only changes, Consumer<StreamWatch> action) {
    each(byBucket, changes.buckets(), action);
    each(byLookup, changes.lookups(), action);
  }

  private static <K> void each(
      Map<K, Set<StreamWatch>> index, Set<K> keys, Consumer<StreamWatch> action) {
    if (index.isEmpty()) {
      return;
    }
    for (K key : keys) {
      Set<StreamWatch> watches = index.get(key);
      if (watches != null) {
        watches.forEach(action);
      }
    }
  }

  /** Those of the buckets that any stream depends on. */
  List<BucketName> ofInterest(Set<BucketName> buckets) {
    return buckets.stream().filter(byBucket::containsKey).toList();
  }

  /** How many streams depend on a bucket. */
  int streams(BucketName bucket) {
    Set<StreamWatch> watches = byBucket.get(bucket);
    return watches == null ? 0 : watches.size();
  }
}
