package org.powersync.jakarta.storage;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** The storage of one replication stream. Safe for all threads. */
public interface BucketStorage {
  ReplicationStream stream();

  /**
   * The stream's sync config with its bucket names. Throws PSYNC_R0001 when the stored text does
   * not load.
   */
  DeployedSyncConfig syncConfig();

  /** A new writer. The caller holds the stream's lock and closes the writer. */
  BucketWriter writer(WriterOptions options);

  /** The reader of this stream. */
  BucketReader reader();

  /**
   * Write checkpoints for a stream whose source supplies the numbers itself, through {@link
   * BucketWriter#save(CustomWriteCheckpoint)}. Creating one here throws PSYNC_S2001, status 400; a
   * number is in effect as soon as it is stored, at any position (7.3, 7.4).
   */
  default WriteCheckpoints customWriteCheckpoints() {
    throw new UnsupportedOperationException("this storage has no custom write checkpoints");
  }

  /** Fresh status; fails when the row is gone. */
  StreamStatus status();

  /**
   * Removes everything replicated, in durable batches; can be repeated (section 9). Throws
   * PSYNC_S1103 when {@code aborted} turns true between batches.
   */
  void clear(BooleanSupplier aborted);

  /** Clears when asked to, then marks the stream TERMINATED. */
  void terminate(boolean clear, BooleanSupplier aborted);

  /** Stores a failure for diagnostics; it is cleared by progress (5.14). */
  void reportError(Throwable error);

  /** What is recorded of the source; empty when nothing is, or none of ours replicated yet. */
  default Optional<SourceMark> sourceMark() {
    return Optional.empty();
  }

  /**
   * Records a position that carries nothing for the stream and is about to be acknowledged to the
   * source. Commits record theirs by themselves.
   */
  default void recordPosition(Lsn position) {}

  /** Records what the stream is replicated from. */
  default void recordOrigin(SourceMark.Origin origin) {}
}
