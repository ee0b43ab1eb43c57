package org.powersync.jakarta.storage.postgres.write;

import java.util.function.BooleanSupplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;

/** Whether this process still holds the stream's lock; asked right before anything is committed. */
record Ownership(GroupId stream, BooleanSupplier stillOwner) {
  /** Throws PSYNC_S1003 once the lock is lost. */
  void check() {
    if (!stillOwner.getAsBoolean()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1003,
              "Replication stream is locked by another process, nothing more is written")
          .with("stream", stream);
    }
  }
}
