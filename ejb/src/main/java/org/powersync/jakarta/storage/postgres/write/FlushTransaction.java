package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Stores as much of a queue as one transaction may hold (storage section 5.4, inner flush). For one
 * thread.
 */
final class FlushTransaction {
  private final ReplicationTransaction transaction;
  private final CheckpointCommit checkpointCommit;
  private final QueuedWriteCheckpoints writeCheckpoints;
  private final CurrentDataTable table;
  private final WriteOut writeOut;
  private final RowEvaluator evaluator;
  private final BatchLimits limits;
  private final Ownership ownership;

  FlushTransaction(
      ReplicationTransaction transaction,
      CheckpointCommit checkpointCommit,
      QueuedWriteCheckpoints writeCheckpoints,
      CurrentDataTable table,
      WriteOut writeOut,
      RowEvaluator evaluator,
      BatchLimits limits,
      Ownership ownership) {
    this.transaction = transaction;
    this.checkpointCommit = checkpointCommit;
    this.writeCheckpoints = writeCheckpoints;
    this.table = table;
    this.writeOut = writeOut;
    this.evaluator = evaluator;
    this.limits = limits;
    this.ownership = ownership;
  }

  /**
   * What a transaction did.
   *
   * @param changes how many from the front of the queue are stored now
   */
  record Applied(int changes, PendingChanges.Flushed flushed) {}

  /**
   * Stores changes.
   *
   * @param commit see {@link PendingChanges#flush}: a group that fits into one transaction is there
   *     with its checkpoint and the write checkpoints that wait, or not at all, so that nothing of
   *     it is stored twice after a crash
   */
  Applied run(List<QueuedChange> changes, Optional<CheckpointCommit.Request> commit) {
    return commit.isEmpty()
        ? transaction.run("storing changes", connection -> store(connection, changes))
        : transaction.runDurably(
            "storing changes and making a checkpoint",
            connection -> storeAndCommit(connection, changes, commit.get()));
  }

  /** The stream's row is locked first: what somebody else changes in it costs no work then. */
  private Applied storeAndCommit(
      Connection connection, List<QueuedChange> changes, CheckpointCommit.Request commit)
      throws SQLException {
    CheckpointCommit.Row stream = checkpointCommit.lock(connection);
    Applied applied = store(connection, changes);
    PendingChanges.Flushed flushed = applied.flushed();
    if (applied.changes() < changes.size() || !flushed.unavailable().isEmpty()) {
      return applied;
    }
    writeCheckpoints.store(connection);
    CheckpointCommit.Outcome outcome =
        checkpointCommit.commit(connection, stream, commit, OptionalLong.of(flushed.lastOp()));
    return new Applied(
        applied.changes(),
        new PendingChanges.Flushed(
            flushed.lastOp(), flushed.wrote(), List.of(), Optional.of(outcome)));
  }

  private Applied store(Connection connection, List<QueuedChange> changes) throws SQLException {
    CurrentRows current = new CurrentRows(connection, table, limits);
    current.load(changes);
    WriteSet writes = new WriteSet(limits, table.softDeletes());
    ChangeApplier applier = new ChangeApplier(current, writes, evaluator);
    int applied = 0;
    while (applied < changes.size() && !writes.full()) {
      applier.apply(changes.get(applied++));
    }
    long lastOp = writeOut.write(connection, writes, current::place);
    ownership.check();
    return new Applied(
        applied,
        new PendingChanges.Flushed(
            lastOp, !writes.isEmpty(), applier.unavailable(), Optional.empty()));
  }
}
