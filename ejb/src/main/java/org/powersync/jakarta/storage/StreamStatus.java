package org.powersync.jakarta.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A fresh reading of a stream's row (storage sections 4.3 and 6.1).
 *
 * @param lastCheckpoint unset until the first checkpoint
 * @param resumeLsn greater of the resume position and the last checkpoint's position
 */
public record StreamStatus(
    GroupId id,
    StreamState state,
    boolean snapshotDoneFlag,
    Optional<OpId> lastCheckpoint,
    Optional<Lsn> lastCheckpointLsn,
    Optional<Lsn> resumeLsn,
    Optional<Lsn> noCheckpointBefore,
    Optional<String> lastFatalError,
    Optional<Instant> lastKeepalive,
    Optional<Instant> lastCheckpointTime) {

  /** Snapshot copied and a first checkpoint made. */
  public boolean snapshotDone() {
    return snapshotDoneFlag && lastCheckpointLsn.isPresent();
  }
}
