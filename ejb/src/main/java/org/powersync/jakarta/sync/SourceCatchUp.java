package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.CheckpointSubscription.Advanced;
import org.powersync.jakarta.storage.CheckpointSubscription.Ended;
import org.powersync.jakarta.storage.CheckpointSubscription.Event;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

/**
 * Waits until a checkpoint covers a source position: the write checkpoint of very old clients (sync
 * API section 2.3).
 */
public final class SourceCatchUp {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private SourceCatchUp() {}

  /**
   * The first checkpoint seen at or beyond the position, of the config that is active then. Blocks
   * up to 50 s, then throws.
   *
   * @param active watches the checkpoints of the config that is active now
   */
  public static OpId await(
      Supplier<CheckpointSubscription> active, Lsn position, InstantSource time)
      throws InterruptedException {
    Instant deadline = time.instant().plus(PATIENCE);
    Event last;
    do {
      try (CheckpointSubscription subscription = active.get()) {
        last = follow(subscription, position, deadline, time);
      }
    } while (last instanceof Ended);
    if (last instanceof Advanced advanced && covers(advanced, position)) {
      return advanced.checkpoint().opId();
    }
    throw new PowerSyncException(
            ErrorCode.PSYNC_S2001, "Replication did not reach the source position in time")
        .with("position", position);
  }

  /**
   * The checkpoint that covers the position; {@link Ended} when another config took over; else what
   * was seen last. In a process that goes down a subscription ends before it gives anything.
   */
  private static Event follow(
      CheckpointSubscription subscription, Lsn position, Instant deadline, InstantSource time)
      throws InterruptedException {
    Event last = new CheckpointSubscription.TimedOut();
    while (time.instant().isBefore(deadline)) {
      Event event = subscription.next(Duration.between(time.instant(), deadline));
      if (event instanceof Ended) {
        return last instanceof Advanced ? event : last;
      }
      last = event instanceof Advanced ? event : last;
      if (event instanceof Advanced advanced && covers(advanced, position)) {
        return event;
      }
    }
    return last;
  }

  private static boolean covers(Advanced advanced, Lsn position) {
    return advanced.checkpoint().lsn().filter(lsn -> lsn.compareTo(position) >= 0).isPresent();
  }
}
