package org.powersync.jakarta.replication.postgres.snapshot;

import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.type.UndecodableValueException;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.telemetry.Counters.Counter;

/** Decodes chunks and stores them with one writer. One thread. */
final class ChunkStore {
  private final PostgresAttempt attempt;
  private final BucketWriter writer;
  private OpId last = OpId.ZERO;

  ChunkStore(PostgresAttempt attempt, BucketWriter writer) {
    this.attempt = attempt;
    this.writer = writer;
  }

  /**
   * Stores a chunk, durably, then notes it in the progress of its table.
   *
   * @return true when that completes the table
   */
  boolean store(CopyChunk chunk) {
    TableCopy copy = chunk.table();
    copy.storing(writer);
    SourceTable record = copy.record();
    CopyRow rows = new CopyRow(copy.columns());
    RowIdentity identity = copy.identity();
    for (byte[] line : chunk.lines()) {
      SourceRow row;
      try {
        row = rows.decode(line);
      } catch (UndecodableValueException e) {
        writer.leftOut(record, e);
        continue;
      }
      RowChange change = new RowChange.Insert(record, row, ReplicaId.of(identity.of(row)));
      writer.save(change).ifPresent(this::wrote);
    }
    writer.flush().ifPresent(this::wrote);
    attempt.counters().add(Counter.ROWS_REPLICATED, chunk.lines().size());
    attempt.progress().addRows(chunk.lines().size());
    attempt.slotWatch().checkIfDue();
    copy.stored(writer, chunk);
    return copy.finish(writer);
  }

  private void wrote(OpId operation) {
    last = operation;
  }

  BucketWriter writer() {
    return writer;
  }

  /** The last operation written; zero before the first. */
  OpId last() {
    return last;
  }
}
