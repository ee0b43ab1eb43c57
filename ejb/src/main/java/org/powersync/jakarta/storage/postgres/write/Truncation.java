package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.CurrentDataTable.Found;

/**
 * Takes every row of a source table out of all buckets and lookups and forgets it, in transactions
 * of a few thousand rows (storage section 5.13). Soft-deleted rows stay for the next checkpoint.
 */
final class Truncation {
  private static final byte[] BEFORE_ALL_KEYS = {};

  private final ReplicationTransaction transaction;
  private final CurrentDataTable table;
  private final WriteOut writeOut;
  private final BatchLimits limits;
  private final Ownership ownership;

  Truncation(
      ReplicationTransaction transaction,
      CurrentDataTable table,
      WriteOut writeOut,
      BatchLimits limits,
      Ownership ownership) {
    this.transaction = transaction;
    this.table = table;
    this.writeOut = writeOut;
    this.limits = limits;
    this.ownership = ownership;
  }

  /** Returns the last operation id, or empty when the table had no rows. */
  OptionalLong truncate(SourceTable source) {
    OptionalLong lastOp = OptionalLong.empty();
    Round round = new Round(BEFORE_ALL_KEYS, limits.maxRecordCount(), 0);
    while (round.rows() == limits.maxRecordCount()) {
      round = truncateSome(source, round.lastKey());
      if (round.rows() > 0) {
        lastOp = OptionalLong.of(round.lastOp());
      }
    }
    return lastOp;
  }

  private record Round(byte[] lastKey, int rows, long lastOp) {}

  private Round truncateSome(SourceTable source, byte[] afterKey) {
    return transaction.run(
        "truncating a source table",
        connection -> {
          List<Found> rows =
              table.liveRows(connection, source.id(), afterKey, limits.maxRecordCount());
          if (rows.isEmpty()) {
            return new Round(afterKey, 0, 0);
          }
          WriteSet writes = new WriteSet(limits, table.softDeletes());
          for (Found found : rows) {
            writes.remove(found.key(), found.row().buckets());
            writes.withdraw(found.key(), found.row().lookups());
            writes.deleteHard(found.key());
          }
          long lastOp = writeOut.write(connection, writes, key -> null).last();
          ownership.check();
          return new Round(rows.get(rows.size() - 1).key().sourceKey(), rows.size(), lastOp);
        });
  }
}
