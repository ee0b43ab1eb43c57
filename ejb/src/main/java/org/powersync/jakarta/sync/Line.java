package org.powersync.jakarta.sync;

import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/** One line of a sync stream (sync API section 3.3). Immutable. */
public sealed interface Line {

  /** The first checkpoint of a connection: replaces all the client knows (3.6). */
  record Checkpoint(
      OpId lastOpId,
      OptionalLong writeCheckpoint,
      List<BucketDescriptor> buckets,
      List<StreamDescription> streams)
      implements Line {}

  /** What changed since the last checkpoint line sent (3.7). */
  record CheckpointDiff(
      OpId lastOpId,
      OptionalLong writeCheckpoint,
      List<BucketDescriptor> updatedBuckets,
      List<BucketName> removedBuckets)
      implements Line {}

  /** Operations of one bucket (3.8). */
  record Data(BucketChunk chunk) implements Line {}

  /** All data of this priority and more urgent ones was sent (3.9). */
  record PartialCheckpointComplete(OpId lastOpId, int priority) implements Line {}

  /** All data of the checkpoint was sent (3.9). */
  record CheckpointComplete(OpId lastOpId) implements Line {}

  /** Whole seconds until the token expires; doubles as keepalive (3.10). */
  record TokenExpiresIn(long seconds) implements Line {}
}
