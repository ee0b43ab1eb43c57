package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.powersync.jakarta.storage.RowChange;

/**
 * Stores as much of a queue as one transaction may hold (storage section 5.4, inner flush). For one
 * thread.
 *
 * <p>A writer that skips existing rows takes it that there are none: looking for each costs more
 * than writing it. Where that turns out wrong, by a unique violation, the transaction runs again
 * with a look, and so do some after it.
 */
final class FlushTransaction {
  /** Transactions with a look after one that ran into existing rows: they come in clusters. */
  private static final int CAREFUL_TRANSACTIONS = 32;

  private final ReplicationTransaction transaction;
  private final CurrentDataTable table;
  private final WriteOut writeOut;
  private final RowEvaluator evaluator;
  private final BatchLimits limits;
  private final boolean skipExistingRows;
  private final Ownership ownership;
  private int careful;

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
    boolean[] tried = new boolean[1];
    Flushed flushed =
        transaction.run(
            "storing changes",
            connection -> {
              if (tried[0]) {
                careful = CAREFUL_TRANSACTIONS;
              }
              tried[0] = true;
              return store(connection, changes);
            });
    careful = Math.max(0, careful - 1);
    return flushed;
  }

  private Flushed store(Connection connection, List<QueuedChange> changes) throws SQLException {
    CurrentRows current = new CurrentRows(connection, table, limits);
    if (!skipExistingRows) {
      current.load(changes);
    } else if (careful > 0) {
      current.loadKeys(changes);
    }
    WriteSet writes = new WriteSet(limits, table.softDeletes());
    ChangeApplier applier = new ChangeApplier(current, writes, evaluator, skipExistingRows);
    int applied = 0;
    while (applied < changes.size() && !writes.full()) {
      applier.apply(changes.get(applied++));
    }
    long lastOp = writeOut.write(connection, writes, current::place);
    ownership.check();
    return new Flushed(applied, lastOp, !writes.isEmpty(), applier.unavailable());
  }
}
