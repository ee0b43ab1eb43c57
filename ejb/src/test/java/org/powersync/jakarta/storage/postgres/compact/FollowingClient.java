package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * A client that keeps to the rules: it takes the newest checkpoint with its checksums, reads up to
 * it in small batches, and completes it unless an operation depends on a later one or the sums
 * differ. Says at once when anything is not as it was written. One thread.
 */
final class FollowingClient {
  private final BucketReader reader;
  private final ShadowOperations written;
  private final Map<BucketName, OpId> positions = new HashMap<>();
  private final Map<BucketName, ReducedBucket> rows = new HashMap<>();

  FollowingClient(BucketReader reader, ShadowOperations written, List<BucketName> buckets) {
    this.reader = reader;
    this.written = written;
    for (BucketName bucket : buckets) {
      positions.put(bucket, OpId.ZERO);
      rows.put(bucket, new ReducedBucket());
    }
  }

  /** Goes to the newest checkpoint; returns whether it could complete it. */
  boolean sync(int batch) {
    return sync(reader.checkpoint().opId(), batch);
  }

  /** Goes to a checkpoint, which need not be the newest any more. */
  boolean sync(OpId checkpoint, int batch) {
    Map<BucketName, BucketChecksum> checksums;
    try {
      checksums = reader.checksums(checkpoint, positions.keySet());
    } catch (CompactedCheckpointException e) {
      assertThat(checkpoint).isLessThan(reader.checkpoint().opId());
      return false;
    }
    checksums.forEach(
        (bucket, checksum) ->
            assertThat(checksum.checksum())
                .as("checksum of %s at %s", bucket, checkpoint)
                .isEqualTo(written.at(bucket.value(), checkpoint.value()).checksum()));
    boolean complete = read(checkpoint, new ReadLimits(batch, 1 << 20));
    for (Map.Entry<BucketName, ReducedBucket> bucket : rows.entrySet()) {
      complete &= bucket.getValue().checksum() == checksums.get(bucket.getKey()).checksum();
    }
    if (complete) {
      rows.forEach(
          (bucket, have) ->
              assertThat(have)
                  .as("rows of %s at %s", bucket, checkpoint)
                  .isEqualTo(written.at(bucket.value(), checkpoint.value())));
    }
    return complete;
  }

  /** Returns whether nothing depends on operations after the checkpoint. */
  private boolean read(OpId checkpoint, ReadLimits limits) {
    boolean complete = true;
    boolean more = true;
    while (more) {
      List<BucketPosition> wanted = new ArrayList<>();
      positions.forEach((bucket, after) -> wanted.add(new BucketPosition(bucket, after)));
      more = false;
      for (BucketChunk chunk : reader.read(checkpoint, wanted, limits)) {
        rows.get(chunk.bucket())
            .apply(chunk.operations().stream().map(FollowingClient::operation).toList());
        positions.put(chunk.bucket(), chunk.nextAfter());
        complete &= chunk.targetOp().orElse(0) <= checkpoint.value();
        more |= chunk.hasMore();
      }
    }
    return complete;
  }

  private static ReducedBucket.Operation operation(BucketOperation operation) {
    return new ReducedBucket.Operation(
        operation.opId(),
        operation.kind().name(),
        operation.objectType() + "/" + operation.objectId() + "/" + operation.subkey(),
        operation.checksum(),
        operation.data() == null ? null : new String(operation.data(), StandardCharsets.UTF_8));
  }
}
