package org.powersync.jakarta.storage;

import java.time.Duration;

/**
 * One subscriber of the active stream's checkpoints, with room for the latest value only. One
 * consuming thread; {@link #close} and {@link #wakeUp} from any.
 */
public interface CheckpointSubscription extends AutoCloseable {
  /**
   * Waits for a checkpoint newer than the last one returned; the first call returns the current one
   * at once.
   */
  Event next(Duration timeout) throws InterruptedException;

  /** Makes a waiting or the next {@link #next} return {@link TimedOut} at once. */
  void wakeUp();

  @Override
  void close();

  /** What {@link #next} found. */
  sealed interface Event {}

  /** The newest checkpoint; neither operation id nor position ever goes backwards. */
  record Advanced(Checkpoint checkpoint) implements Event {}

  /** Another stream became active, or none is: end and let the client reconnect. */
  record Ended() implements Event {}

  /** Nothing within the timeout. */
  record TimedOut() implements Event {}
}
