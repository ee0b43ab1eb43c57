package org.powersync.jakarta.sync;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
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

  /**
   * Operations of one bucket (3.8).
   *
   * @param forms the encoded forms, if several streams send this line
   */
  record Data(BucketChunk chunk, Optional<EncodedForms> forms) implements Line {
    /** A line of one stream alone. */
    public Data(BucketChunk chunk) {
      this(chunk, Optional.empty());
    }

    /** The bytes of the row data in it. */
    long bytes() {
      long bytes = 0;
      for (BucketOperation operation : chunk.operations()) {
        bytes += operation.data() == null ? 0 : operation.data().length;
      }
      return bytes;
    }

    /** The bytes of the line, encoded now or before. */
    ByteBuffer encode(LineEncoder encoder) {
      return forms.isPresent() ? forms.get().encode(this, encoder) : encoder.encode(this);
    }
  }

  /** All data of this priority and more urgent ones was sent (3.9). */
  record PartialCheckpointComplete(OpId lastOpId, int priority) implements Line {}

  /** All data of the checkpoint was sent (3.9). */
  record CheckpointComplete(OpId lastOpId) implements Line {}

  /** Whole seconds until the token expires; doubles as keepalive (3.10). */
  record TokenExpiresIn(long seconds) implements Line {}
}
