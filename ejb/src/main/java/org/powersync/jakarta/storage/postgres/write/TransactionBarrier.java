package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;

/**
 * Keeps invisible what is stored of a source transaction before its commit. A crash after such a
 * part makes the source send the transactions since the last checkpoint once more; a checkpoint at
 * the end of one of those would show the part too. So the stream's barrier goes first (storage
 * section 5.10). For one thread.
 */
final class TransactionBarrier {
  private final SnapshotRecord snapshot;
  private Optional<Lsn> end = Optional.empty();
  private boolean raised;

  TransactionBarrier(SnapshotRecord snapshot) {
    this.snapshot = snapshot;
  }

  /** What is stored from here on belongs to a transaction that ends here or behind it. */
  void begin(Lsn transactionEnd) {
    end = Optional.of(transactionEnd);
    raised = false;
  }

  /** Before something is stored without a commit; once per transaction. */
  void raise() {
    if (end.isPresent() && !raised) {
      snapshot.raiseBarrier(end.get());
      raised = true;
    }
  }

  /** In the transaction that stores something without a commit, which may fail. */
  void raise(Connection connection) throws SQLException {
    if (end.isPresent() && !raised) {
      snapshot.raiseBarrier(connection, end.get());
    }
  }
}
