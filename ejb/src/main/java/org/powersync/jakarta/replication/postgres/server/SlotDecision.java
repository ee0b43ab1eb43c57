package org.powersync.jakarta.replication.postgres.server;

import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** What an attempt starts with (replication section 1.6). */
public enum SlotDecision {
  /** Clear the stream's data, create the slot, copy everything. */
  CREATE,
  /** Keep the slot, copy what is not copied. */
  RESUME_SNAPSHOT,
  /** Follow the source. */
  STREAM;

  static final String PLUGIN = "pgoutput";

  /**
   * @throws SlotLostException when the slot cannot be used any more
   */
  public static SlotDecision of(String name, Optional<ReplicationSlot> slot, boolean snapshotDone) {
    SlotLostException.Phase phase =
        snapshotDone ? SlotLostException.Phase.STREAMING : SlotLostException.Phase.SNAPSHOT;
    if (slot.isEmpty()) {
      if (snapshotDone) {
        throw SlotLostException.missing(name);
      }
      return CREATE;
    }
    ReplicationSlot found = slot.get();
    if (found.lost()) {
      throw SlotLostException.lost(name, phase, found.invalidationReason());
    }
    if (!PLUGIN.equals(found.plugin()) || !found.sameDatabase() || found.temporary()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1120,
              "A replication slot of this name belongs to something else; drop it, or set another"
                  + " slot_name_prefix")
          .with("slot", name)
          .with("plugin", found.plugin())
          .with("same database", found.sameDatabase())
          .with("temporary", found.temporary());
    }
    return snapshotDone ? STREAM : RESUME_SNAPSHOT;
  }
}
