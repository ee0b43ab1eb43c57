package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.storage.RowChange;

/** Changes of a writer that wait for a flush, in order. For one thread. */
interface PendingChanges {

  /**
   * What a transaction did.
   *
   * @param lastOp the last operation id
   * @param wrote whether any row was written
   * @param unavailable updates whose rows the source has to give
   * @param committed what became of the commit that was asked for; empty when it was not tried
   */
  record Flushed(
      long lastOp,
      boolean wrote,
      List<RowChange.Update> unavailable,
      Optional<CheckpointCommit.Outcome> committed) {}

  /** Adds a change whose table is stored. */
  void add(QueuedChange change);

  /** Whether it is time to flush. */
  boolean full();

  boolean isEmpty();

  /**
   * Stores the first changes, as many as one transaction may hold; on failure all are kept.
   *
   * @param commit to make in the same transaction, if nothing is left then; changes that are only
   *     copied never do
   */
  Flushed flush(Optional<CheckpointCommit.Request> commit);

  /** Drops everything; returns how many changes were lost. */
  int clear();
}
