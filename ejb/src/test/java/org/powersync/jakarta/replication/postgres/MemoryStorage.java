package org.powersync.jakarta.replication.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Storage in memory that keeps the contract of flush, commit and barriers, and records what
 * replication did. Rows themselves take the place of buckets.
 */
public final class MemoryStorage implements BucketStorage {
  final List<TablePattern> patterns;
  final List<String> log = new CopyOnWriteArrayList<>();
  public final List<Lsn> checkpoints = new CopyOnWriteArrayList<>();
  final List<Throwable> errors = new CopyOnWriteArrayList<>();

  /** Called before each flush and commit; may block or fail. */
  public volatile Runnable beforeFlush = () -> {};

  private final ReplicationStream stream;
  final Map<String, SourceTable> tables = new LinkedHashMap<>();
  final Map<String, Map<ReplicaId, SourceRow>> rows = new HashMap<>();
  public boolean snapshotDone;
  public Lsn barrier;
  Lsn checkpoint;
  int copiedRows;
  private volatile Map<String, List<SourceRow>> visible = Map.of();

  public MemoryStorage(String slot, List<TablePattern> patterns) {
    this.patterns = patterns;
    this.stream =
        new ReplicationStream(
            new GroupId(1), slot, StreamState.PROCESSING, 3, "", Optional.empty());
  }

  /** Rows of a table as of the last checkpoint, by the text of their first column. */
  Map<String, SourceRow> visible(String table) {
    Map<String, SourceRow> byKey = new TreeMap<>();
    for (SourceRow row : visible.getOrDefault(table, List.of())) {
      byKey.put(String.valueOf(Rows.text(row, 0)), row);
    }
    return byKey;
  }

  List<SourceRow> visibleRows(String table) {
    return visible.getOrDefault(table, List.of());
  }

  synchronized void publish() {
    Map<String, List<SourceRow>> next = new HashMap<>();
    for (SourceTable table : tables.values()) {
      List<SourceRow> content = new ArrayList<>(rows.getOrDefault(table.id(), Map.of()).values());
      next.computeIfAbsent(table.table().name(), name -> new ArrayList<>()).addAll(content);
    }
    visible = next;
  }

  @Override
  public ReplicationStream stream() {
    return stream;
  }

  @Override
  public DeployedSyncConfig syncConfig() {
    throw new UnsupportedOperationException();
  }

  @Override
  public BucketWriter writer(WriterOptions options) {
    return new MemoryWriter(this, options);
  }

  @Override
  public BucketReader reader() {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized StreamStatus status() {
    return new StreamStatus(
        stream.id(),
        StreamState.PROCESSING,
        snapshotDone,
        Optional.of(OpId.ZERO),
        Optional.ofNullable(checkpoint),
        Optional.ofNullable(checkpoint),
        Optional.ofNullable(barrier),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public synchronized void clear(BooleanSupplier aborted) {
    log.add("clear");
    tables.clear();
    rows.clear();
    snapshotDone = false;
    barrier = null;
    checkpoint = null;
  }

  @Override
  public void terminate(boolean clear, BooleanSupplier aborted) {
    clear(aborted);
  }

  @Override
  public void reportError(Throwable error) {
    errors.add(error);
  }
}
