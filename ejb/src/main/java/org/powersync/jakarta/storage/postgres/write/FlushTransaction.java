package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Stores as much of a queue as one transaction may hold (storage section 5.4, inner flush). For one
 * thread.
 */
final class FlushTransaction {
  private final ReplicationTransaction transaction;
  private final CurrentDataTable table;
  private final WriteOut writeOut;
  private final RowEvaluator evaluator;
  private final BatchLimits limits;
  private final Ownership ownership;

  FlushTransaction(
      ReplicationTransaction transaction,
      CurrentDataTable table,
      WriteOut writeOut,
      RowEvaluator evaluator,
      BatchLimits limits,
      Ownership ownership) {
    this.transaction = transaction;
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

  Applied run(List<QueuedChange> changes) {
    return transaction.run("storing changes", connection -> store(connection, changes));
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
        applied, new PendingChanges.Flushed(lastOp, !writes.isEmpty(), applier.unavailable()));
  }
}
