package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.StorageReady;

/**
 * Turns requests away that come before storage was ready for the first time: its tables may not
 * exist yet. Safe for all threads.
 */
@ApplicationScoped
public class StorageGate {
  private volatile boolean ready;

  void open(@Observes StorageReady event) {
    ready = true;
  }

  /** Throws PSYNC_S2003, status 503, as long as storage is not ready. */
  void require() {
    if (!ready) {
      throw new PowerSyncException(
          ErrorCode.PSYNC_S2003,
          "Storage is not ready yet; /probes/readiness turns when it is, the admin page says why");
    }
  }
}
