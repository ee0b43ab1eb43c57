package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import org.powersync.jakarta.storage.RowChange;

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
  private final boolean skipExistingRows;
  private final Ownership ownership;

  FlushTransaction(
      ReplicationTransaction transaction,
      CurrentDataTable table,
      WriteOut writeOut,
      RowEvaluator evaluator,
      BatchLimits limits,
      boolean skipExistingRows,
      Ownership ownership) {
    this.transaction = transaction;
    this.table = table;
    this.writeOut = writeOut;
    this.evaluator = evaluator;
    this.limits = limits;
    this.skipExistingRows = skipExistingRows;
    this.ownership = ownership;
  }

  /**
   * What a transaction did.
   *
   * @param applied how many changes from the front of the queue are stored now
   * @param lastOp the last operation id
   * @param wrote whether any row was written
   * @param unavailable updates whose rows the source has to give
   */
  record Flushed(int applied, long lastOp, boolean wrote, List<RowChange.Update> unavailable) {}

  Flushed run(List<QueuedChange> changes) {
    return transaction.run(
        "storing changes",
        connection -> {
          CurrentRows current = new CurrentRows(connection, table, limits);
          if (skipExistingRows) {
            current.loadKeys(changes);
          } else {
            current.load(changes);
          }
          WriteSet writes = new WriteSet(limits, table.softDeletes());
          ChangeApplier applier = new ChangeApplier(current, writes, evaluator, skipExistingRows);
          int applied = 0;
          while (applied < changes.size() && !writes.full()) {
            applier.apply(changes.get(applied++));
          }
          long lastOp = writeOut.write(connection, writes, current::stored);
          ownership.check();
          return new Flushed(applied, lastOp, !writes.isEmpty(), applier.unavailable());
        });
  }
}
