package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;

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
  private final TransactionBarrier barrier;
  private final OwnCommits commits;

  FlushTransaction(
      ReplicationTransaction transaction,
      CheckpointCommit checkpointCommit,
      QueuedWriteCheckpoints writeCheckpoints,
      CurrentDataTable table,
      WriteOut writeOut,
      RowEvaluator evaluator,
      BatchLimits limits,
      Ownership ownership,
      TransactionBarrier barrier,
      OwnCommits commits) {
    this.transaction = transaction;
    this.checkpointCommit = checkpointCommit;
    this.writeCheckpoints = writeCheckpoints;
    this.table = table;
    this.writeOut = writeOut;
    this.evaluator = evaluator;
    this.limits = limits;
    this.ownership = ownership;
    this.barrier = barrier;
    this.commits = commits;
  }

  /**
   * What a transaction did.
   *
   * @param changes how many from the front of the queue are stored now
   */
  record Applied(int changes, PendingChanges.Flushed flushed) {}

  private record Stored(Applied applied, WriteSet writes, OpIdSequence.Taken taken) {}

  /**
   * Stores changes.
   *
   * @param commit see {@link PendingChanges#flush}: a group that fits into one transaction is there
   *     with its checkpoint and the write checkpoints that wait, or not at all, so that nothing of
   *     it is stored twice after a crash
   */
  Applied run(List<QueuedChange> changes, Optional<CheckpointCommit.Request> commit) {
    return commit.isEmpty()
        ? transaction.run("storing changes", connection -> store(connection, changes).applied())
        : transaction.runDurably(
            "storing changes and making a checkpoint",
            connection -> storeAndCommit(connection, changes, commit.get()));
  }

  /** The stream's row is locked first: what somebody else changes in it costs no work then. */
  private Applied storeAndCommit(
      Connection connection, List<QueuedChange> changes, CheckpointCommit.Request commit)
      throws SQLException {
    CheckpointCommit.Row stream = checkpointCommit.lock(connection);
    Stored stored = store(connection, changes);
    Applied applied = stored.applied();
    PendingChanges.Flushed flushed = applied.flushed();
    if (applied.changes() < changes.size() || !commit.allows(flushed.unavailable())) {
      barrier.raise(connection);
      return applied;
    }
    writeCheckpoints.store(connection);
    CheckpointCommit.Outcome outcome =
        checkpointCommit.commit(connection, stream, commit, OptionalLong.of(flushed.lastOp()));
    tell(stream, stored, outcome);
    return new Applied(
        applied.changes(),
        new PendingChanges.Flushed(
            flushed.lastOp(), flushed.wrote(), flushed.unavailable(), Optional.of(outcome)));
  }

  /** Tells readers of this process what changed, if all of it is known here. */
  private void tell(CheckpointCommit.Row stream, Stored stored, CheckpointCommit.Outcome outcome) {
    OptionalLong before = stream.checkpoint();
    if (outcome.allowed()
        && before.isPresent()
        && stored.writes().operationCount() <= OwnCommits.MOST_OPERATIONS
        && stored.taken().allAfter(before.getAsLong())
        && outcome.checkpoint().checkpoint().equals(OptionalLong.of(stored.taken().last()))) {
      commits.committing(
          new OwnCommits.Group(
              outcome.checkpoint().stream(),
              new OpId(before.getAsLong()),
              new OpId(stored.taken().last()),
              stored.writes().operations(stored.taken().last()),
              stored.writes().lookups()));
    }
  }

  private Stored store(Connection connection, List<QueuedChange> changes) throws SQLException {
    CurrentRows current = new CurrentRows(connection, table, limits);
    current.load(changes);
    WriteSet writes = new WriteSet(limits, table.softDeletes());
    ChangeApplier applier = new ChangeApplier(current, writes, evaluator);
    int applied = 0;
    while (applied < changes.size() && !writes.full()) {
      applier.apply(changes.get(applied++));
    }
    OpIdSequence.Taken taken = writeOut.write(connection, writes, current::place);
    ownership.check();
    PendingChanges.Flushed flushed =
        new PendingChanges.Flushed(
            taken.last(), !writes.isEmpty(), applier.unavailable(), Optional.empty());
    return new Stored(new Applied(applied, flushed), writes, taken);
  }
}
