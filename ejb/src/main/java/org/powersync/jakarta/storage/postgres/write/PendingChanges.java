package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import org.powersync.jakarta.storage.RowChange;

/** Changes of a writer that wait for a flush, in order. For one thread. */
interface PendingChanges {

  /**
   * What a transaction did.
   *
   * @param lastOp the last operation id
   * @param wrote whether any row was written
   * @param unavailable updates whose rows the source has to give
   */
  record Flushed(long lastOp, boolean wrote, List<RowChange.Update> unavailable) {}

  /** Adds a change whose table is stored. */
  void add(QueuedChange change);

  /** Whether it is time to flush. */
  boolean full();

  boolean isEmpty();

  /** Stores the first changes, as many as one transaction may hold; on failure all are kept. */
  Flushed flush();

  /** Drops everything; returns how many changes were lost. */
  int clear();
}
