package org.powersync.jakarta.sync;

import org.powersync.jakarta.storage.OpId;

/** Says what changed between two checkpoints of one replication stream; the seam to storage. */
@FunctionalInterface
public interface ChangeFeed {
  /** Of a storage that does not know. */
  ChangeFeed UNKNOWN = (after, upTo) -> Changes.EVERYTHING;

  /**
   * What may have changed by operations after one checkpoint and up to another. May query; called
   * once per checkpoint and process.
   */
  Changes between(OpId after, OpId upTo);
}
