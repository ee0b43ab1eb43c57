package org.powersync.jakarta.storage;

import java.util.Set;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** What may be different at one checkpoint against an earlier one of the same stream. */
public sealed interface CheckpointChanges {
  /** Everything may have changed: too much did, or it is not known. */
  record Everything() implements CheckpointChanges {}

  /** Nothing but these buckets and the results of these lookups; possibly not even they. */
  record Some(Set<BucketName> buckets, Set<ParameterLookup> lookups) implements CheckpointChanges {
    public Some {
      buckets = Set.copyOf(buckets);
      lookups = Set.copyOf(lookups);
    }
  }
}
