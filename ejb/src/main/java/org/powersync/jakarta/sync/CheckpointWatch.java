package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.OpId;

/**
 * Where one stream learns of checkpoints that may concern it: the newest only. One consuming
 * thread; what is not about waiting from any.
 */
interface CheckpointWatch extends AutoCloseable {

  /** What {@link #next} found. */
  sealed interface Event {}

  /**
   * A checkpoint that may mean something to the client.
   *
   * @param writeCheckpoint the client's effective one at this checkpoint
   * @param queries whether that queries
   * @param seenNanos when this process saw the checkpoint, by {@link System#nanoTime}
   */
  record Due(
      Checkpoint checkpoint,
      Supplier<OptionalLong> writeCheckpoint,
      boolean queries,
      long seenNanos)
      implements Event {}

  /** Another sync config became active, or none is. */
  record Ended() implements Event {}

  /** Nothing within the time, or woken up. */
  record TimedOut() implements Event {}

  /**
   * Waits for a checkpoint; the first call returns the current one as soon as it is known. Throws
   * why watching failed.
   */
  Event next(Duration timeout) throws InterruptedException;

  /** Makes a waiting or the next {@link #next} return at once. */
  void wakeUp();

  /** An announcement was computed at a checkpoint; from there on only what concerns it is told. */
  void dependsOn(Dependencies dependencies, OpId asOf);

  /**
   * No announcement could be computed at a checkpoint, because compaction went past it: whatever
   * comes after it concerns the stream. Who tells everything anyway need not do anything.
   */
  default void dropped(OpId checkpoint) {}

  /** At least what changed between two checkpoints. */
  Changes changes(OpId after, OpId upTo);

  @Override
  void close();
}
