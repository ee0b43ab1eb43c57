package org.powersync.jakarta.storage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * Reads one stream, at checkpoints. Read-only SQL that works on a standby too. Safe for all
 * threads. Specification: storage section 6.
 */
public interface BucketReader {
  /** The newest checkpoint of this stream. */
  Checkpoint checkpoint();

  /**
   * Checksums of all named buckets, each exactly once in the answer; cached per bucket and
   * checkpoint, concurrent requests share one query (6.4). Throws {@link
   * CompactedCheckpointException} when a bucket's operations up to an older checkpoint are not
   * there by themselves any more.
   */
  Map<BucketName, BucketChecksum> checksums(OpId checkpoint, Collection<BucketName> buckets);

  /**
   * Computes checksums that the next callers of {@link #checksums} will want, of those buckets that
   * have one at an earlier checkpoint. May query.
   */
  default void prepareChecksums(OpId checkpoint, Collection<BucketName> buckets) {}

  /** Whether {@link #checksums} would answer at once, without a query. */
  default boolean knowsChecksums(OpId checkpoint, Collection<BucketName> buckets) {
    return buckets.isEmpty();
  }

  /**
   * Operations after each position up to the checkpoint, in bucket order, cut into chunks (6.5).
   * Buckets without operations give no chunk. Repeat with advanced positions while any chunk says
   * {@code hasMore}.
   */
  List<BucketChunk> read(OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits);

  /**
   * As {@link #read}, all of it at once, if that needs no query: operations that this process wrote
   * a moment ago. Empty otherwise.
   */
  default Optional<List<BucketChunk>> readAtHand(
      OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    return Optional.empty();
  }

  /**
   * Result rows of lookups as of the checkpoint (6.6), which are read in order. Throws {@link
   * TooManyRowsException} when there are more than {@code limit} rows in all.
   */
  Map<ParameterLookup, List<OutputRow>> lookups(
      OpId checkpoint, Collection<ParameterLookup> lookups, int limit);

  /**
   * What may differ at a later checkpoint against an earlier one, both published (design D7). A
   * storage that does not keep this says everything.
   */
  default CheckpointChanges changes(OpId after, OpId upTo) {
    return new CheckpointChanges.Everything();
  }

  /** Watches the active stream's checkpoints; PSYNC_S2302 when there is none (6.3). */
  CheckpointSubscription watch();

  /** Forgets cached checksums. */
  void clearChecksumCache();
}
