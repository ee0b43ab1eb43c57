package org.powersync.jakarta.sync;

import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.OpId;

/** Says what changed between two checkpoints of one replication stream; the seam to storage. */
@FunctionalInterface
public interface ChangeFeed {
  /** Of a storage that does not know. */
  ChangeFeed UNKNOWN = (after, upTo) -> Changes.EVERYTHING;

  /** Of a storage that keeps track, or says that everything changed. */
  static ChangeFeed of(BucketReader reader) {
    return (after, upTo) ->
        reader.changes(after, upTo) instanceof CheckpointChanges.Some some
            ? new Changes.Only(some.buckets(), some.lookups())
            : Changes.EVERYTHING;
  }

  /**
   * What may have changed by operations after one checkpoint and up to another. May query; called
   * once per checkpoint and process.
   */
  Changes between(OpId after, OpId upTo);
}
