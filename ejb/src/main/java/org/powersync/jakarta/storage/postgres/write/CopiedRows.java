package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.change.BucketChangeLog;
import org.powersync.jakarta.storage.postgres.format.Checksums;

/**
 * Rows of tables that are copied, of which those that storage has already stay as they are. Each is
 * evaluated and brought into its stored form when it comes.
 *
 * <p>It is taken that storage has none of them: looking for each costs more than writing it. Where
 * that turns out wrong, by a unique violation, the transaction runs again with a look, and so do
 * some after it. A row that takes much room, perhaps in many buckets, is not multiplied before it
 * is written, and ends its flush: operations come in the order of the rows.
 */
final class CopiedRows implements PendingChanges {
  /** Transactions with a look after one that ran into existing rows: they come in clusters. */
  private static final int CAREFUL_TRANSACTIONS = 32;

  /** Of a row with all that follows from it. */
  private static final long LARGE_BYTES = 1 << 20;

  private final ReplicationTransaction transaction;
  private final CurrentDataTable table;
  private final BucketChangeLog changeLog;
  private final RowEvaluator evaluator;
  private final BatchLimits limits;
  private final Ownership ownership;
  private final String copyCurrent;
  private final WriteOut writeOut;
  private final EncodedRows rows;
  private final Map<RowKey, RowImage> large = new LinkedHashMap<>();
  private final BinaryCopyBuffer buffer = new BinaryCopyBuffer();
  private final Checksums checksums = new Checksums();
  private int careful;

  CopiedRows(
      ReplicationTransaction transaction,
      CurrentDataTable table,
      BucketChangeLog changeLog,
      WriteOut writeOut,
      RowEvaluator evaluator,
      BatchLimits limits,
      Ownership ownership) {
    this.transaction = transaction;
    this.table = table;
    this.changeLog = changeLog;
    this.evaluator = evaluator;
    this.limits = limits;
    this.ownership = ownership;
    this.writeOut = writeOut;
    this.copyCurrent = RowForms.copyCurrent(table);
    this.rows = new EncodedRows(table);
  }

  @Override
  public void add(QueuedChange change) {
    if (!change.isInsert()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1101, "A writer that skips existing rows takes inserts only")
          .with("table", change.table().table())
          .with("change", change.change().getClass().getSimpleName());
    }
    RowImage image = evaluator.image(change, change.after(), checksums);
    long written = image.copy().length;
    for (BucketPut put : image.puts()) {
      written += put.json().length;
    }
    if (written <= LARGE_BYTES) {
      rows.add(change.afterKey(), image);
    } else {
      large.putIfAbsent(change.afterKey(), image);
    }
  }

  @Override
  public boolean full() {
    return rows.rows() >= limits.maxRecordCount()
        || rows.bytes() >= limits.maxEstimatedSize()
        || !large.isEmpty();
  }

  @Override
  public boolean isEmpty() {
    return rows.rows() == 0 && large.isEmpty();
  }

  @Override
  public Flushed flush(Optional<CheckpointCommit.Request> commit) {
    boolean[] tried = new boolean[1];
    Flushed flushed =
        transaction.run(
            "storing changes",
            connection -> {
              if (tried[0]) {
                careful = CAREFUL_TRANSACTIONS;
              }
              tried[0] = true;
              return store(connection);
            });
    careful = Math.max(0, careful - 1);
    forget();
    return flushed;
  }

  private Flushed store(Connection connection) throws SQLException {
    Set<RowKey> existing =
        careful > 0 ? new HashSet<>(table.findKeys(connection, distinctKeys())) : Set.of();
    WriteSet largeWrites = largeWithout(existing);
    EncodedRows.Selection selection = rows.without(existing);
    long last = write(connection, selection);
    if (!largeWrites.isEmpty()) {
      last = writeOut.write(connection, largeWrites, key -> null).last();
    }
    ownership.check();
    boolean wrote = !selection.isEmpty() || !largeWrites.isEmpty();
    return new Flushed(last, wrote, List.of(), Optional.empty());
  }

  private WriteSet largeWithout(Set<RowKey> existing) {
    WriteSet writes = new WriteSet(limits, table.softDeletes());
    large.forEach(
        (key, image) -> {
          if (!existing.contains(key)) {
            writes.put(key, image);
            writes.store(key, image.stored());
          }
        });
    return writes;
  }

  private long write(Connection connection, EncodedRows.Selection selection) throws SQLException {
    int ids = selection.idCount();
    OpIdSequence.Taken taken =
        ids == 0
            ? OpIdSequence.last(connection, changeLog)
            : OpIdSequence.take(connection, ids, changeLog, new BucketChangeLog.Names());
    selection.number(taken.ids());
    if (!selection.isEmpty()) {
      buffer.copy(connection, copyCurrent, selection::current);
    }
    if (selection.hasOperations()) {
      buffer.copy(connection, RowForms.COPY_OPERATIONS, selection::operations);
    }
    if (selection.hasParameters()) {
      buffer.copy(connection, RowForms.COPY_PARAMETERS, selection::parameters);
    }
    return taken.last();
  }

  private List<RowKey> distinctKeys() {
    return Stream.concat(rows.keys().stream(), large.keySet().stream()).distinct().toList();
  }

  @Override
  public int clear() {
    int lost = rows.rows() + large.size();
    forget();
    return lost;
  }

  private void forget() {
    rows.clear();
    large.clear();
  }
}
