package org.powersync.jakarta.sync;

import java.util.Collection;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/** Says what changed between two checkpoints of one replication stream; the seam to storage. */
@FunctionalInterface
public interface ChangeFeed {
  /** Of a storage that does not know. */
  ChangeFeed UNKNOWN = (after, upTo) -> Changes.EVERYTHING;

  /** Of a storage that keeps track, or says that everything changed. */
  static ChangeFeed of(BucketReader reader) {
    return new ChangeFeed() {
      @Override
      public Changes between(OpId after, OpId upTo) {
        return reader.changes(after, upTo) instanceof CheckpointChanges.Some some
            ? new Changes.Only(some.buckets(), some.lookups())
            : Changes.EVERYTHING;
      }

      @Override
      public void prepare(OpId checkpoint, Collection<BucketName> buckets) {
        reader.prepareChecksums(checkpoint, buckets);
      }
    };
  }

  /**
   * What may have changed by operations after one checkpoint and up to another. May query; called
   * once per checkpoint and process.
   */
  Changes between(OpId after, OpId upTo);

  /**
   * These buckets changed a little, and streams are about to ask for their checksums. May query.
   */
  default void prepare(OpId checkpoint, Collection<BucketName> buckets) {}
}
