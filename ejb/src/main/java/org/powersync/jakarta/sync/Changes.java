package org.powersync.jakarta.sync;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** What may have changed between two checkpoints. Immutable. */
public sealed interface Changes {
  Changes EVERYTHING = new Everything();
  Changes NOTHING = new Only(Set.of(), Set.of());

  /** It is not known, or too much: anything may have changed. */
  record Everything() implements Changes {}

  /**
   * At most these have changed.
   *
   * @param buckets that got operations
   * @param lookups whose result rows may be others
   */
  record Only(Set<BucketName> buckets, Set<ParameterLookup> lookups) implements Changes {
    private boolean concerns(Dependencies dependencies) {
      return !Collections.disjoint(buckets, dependencies.buckets())
          || !Collections.disjoint(lookups, dependencies.lookups());
    }

    private Only and(Only other) {
      Set<BucketName> allBuckets = new HashSet<>(buckets);
      allBuckets.addAll(other.buckets);
      Set<ParameterLookup> allLookups = new HashSet<>(lookups);
      allLookups.addAll(other.lookups);
      return new Only(allBuckets, allLookups);
    }

    @Override
    public int size() {
      return buckets.size() + lookups.size();
    }
  }

  /** These changes and others. */
  default Changes and(Changes other) {
    return this instanceof Only mine && other instanceof Only others
        ? mine.and(others)
        : EVERYTHING;
  }

  /** Whether a stream that depends on these may see something else than before. */
  default boolean concern(Dependencies dependencies) {
    return !(this instanceof Only only) || only.concerns(dependencies);
  }

  /** How many buckets and lookups are named. */
  default int size() {
    return 0;
  }
}
