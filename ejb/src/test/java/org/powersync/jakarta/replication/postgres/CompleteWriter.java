package org.powersync.jakarta.replication.postgres;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;

/** The writer of rows joined with the keepers of table records. */
record CompleteWriter(BucketWriter rows, SourceTables records, SnapshotRecord snapshots)
    implements BucketWriter {
  @Override
  public Optional<Lsn> resumeLsn() {
    return rows.resumeLsn();
  }

  @Override
  public ResolvedTables resolveTables(SourceDescriptor source) {
    return records.resolve(source);
  }

  @Override
  public Optional<OpId> save(RowChange change) {
    return rows.save(change);
  }

  @Override
  public Optional<OpId> flush() {
    return rows.flush();
  }

  @Override
  public CommitResult commit(Lsn position, boolean createEmptyCheckpoints) {
    return rows.commit(position, createEmptyCheckpoints);
  }

  @Override
  public Optional<OpId> truncate(List<SourceTable> tables) {
    return rows.truncate(tables);
  }

  @Override
  public void drop(List<SourceTable> tables) {
    rows.truncate(tables);
    rows.flush();
    snapshots.forget(tables);
  }

  @Override
  public SourceTable updateProgress(SourceTable table, SnapshotProgress progress) {
    return snapshots.updateProgress(table, progress);
  }

  @Override
  public List<SourceTable> markTablesDone(List<SourceTable> tables, Optional<Lsn> barrier) {
    return snapshots.markTablesDone(tables, barrier);
  }

  @Override
  public void markSnapshotDone(Lsn barrier) {
    snapshots.markStreamDone(barrier);
  }

  @Override
  public void markAllSnapshotDone(Lsn barrier) {
    snapshots.markAllDone(barrier);
  }

  @Override
  public void markSnapshotRequired(SourceTable table) {
    snapshots.markStreamNotDone();
  }

  @Override
  public List<SourceTable> tables() {
    return records.all();
  }

  @Override
  public void setResumeLsn(Lsn position) {
    snapshots.setResumeLsn(position);
  }

  @Override
  public void close() {
    rows.close();
  }
}
