package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

/**
 * Waits until a checkpoint covers a source position: the write checkpoint of very old clients (sync
 * API section 2.3).
 */
public final class SourceCatchUp {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private SourceCatchUp() {}

  /** The first checkpoint seen at or beyond the position. Blocks up to 50 s, then throws. */
  public static OpId await(BucketReader reader, Lsn position, InstantSource time)
      throws InterruptedException {
    Instant deadline = time.instant().plus(PATIENCE);
    try (CheckpointSubscription subscription = reader.watch()) {
      while (true) {
        Duration left = Duration.between(time.instant(), deadline);
        CheckpointSubscription.Event event =
            subscription.next(left.isNegative() ? Duration.ZERO : left);
        if (event instanceof CheckpointSubscription.Advanced advanced
            && advanced
                .checkpoint()
                .lsn()
                .filter(lsn -> lsn.compareTo(position) >= 0)
                .isPresent()) {
          return advanced.checkpoint().opId();
        }
        if (event instanceof CheckpointSubscription.Ended || !time.instant().isBefore(deadline)) {
          throw new PowerSyncException(
                  ErrorCode.PSYNC_S2001, "Replication did not reach the source position in time")
              .with("position", position);
        }
      }
    }
  }
}
