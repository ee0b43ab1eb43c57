package org.powersync.jakarta.replication.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Writer of {@link MemoryStorage}. */
final class MemoryWriter implements BucketWriter {
  private static final int QUEUE_LIMIT = 2000;

  private final MemoryStorage storage;
  private final WriterOptions options;
  private final List<RowChange> queue = new ArrayList<>();
  private boolean incomplete;

  MemoryWriter(MemoryStorage storage, WriterOptions options) {
    this.storage = storage;
    this.options = options;
  }

  @Override
  public Optional<Lsn> resumeLsn() {
    return Optional.ofNullable(storage.checkpoint);
  }

  @Override
  public void leftOut(SourceTable table, PowerSyncException why) {
    storage.log.add("left out of " + table.table().name());
  }

  @Override
  public ResolvedTables resolveTables(SourceDescriptor source) {
    synchronized (storage) {
      SourceTable chosen = null;
      List<SourceTable> outdated = new ArrayList<>();
      for (SourceTable table : storage.tables.values()) {
        boolean candidate =
            table.table().equals(source.table()) || table.objectId().equals(source.objectId());
        boolean compatible =
            table.table().equals(source.table())
                && table.objectId().equals(source.objectId())
                && table.identity().equals(source.identity());
        if (compatible && chosen == null) {
          chosen = table;
        } else if (candidate) {
          outdated.add(table);
        }
      }
      if (chosen == null) {
        chosen = create(source);
        storage.log.add("create " + source.table().name());
      }
      return new ResolvedTables(chosen, outdated);
    }
  }

  private SourceTable create(SourceDescriptor source) {
    boolean synced = storage.patterns.stream().anyMatch(pattern -> pattern.matches(source.table()));
    SourceTable table =
        new SourceTable(
            UUID.randomUUID().toString(),
            source.table(),
            source.objectId(),
            source.identity(),
            false,
            SnapshotProgress.NONE,
            !source.sendsCompleteRows(),
            synced,
            false,
            false);
    storage.tables.put(table.id(), table);
    return table;
  }

  /** This storage is gone when its writers are. */
  @Override
  public void beginTransaction(Lsn end) {}

  @Override
  public Optional<OpId> save(RowChange change) {
    queue.add(change);
    return queue.size() >= QUEUE_LIMIT ? flush() : Optional.empty();
  }

  @Override
  public Optional<OpId> flush() {
    storage.beforeFlush.run();
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    synchronized (storage) {
      queue.forEach(this::apply);
    }
    queue.clear();
    return Optional.of(new OpId(1));
  }

  private void apply(RowChange change) {
    Map<ReplicaId, SourceRow> rows =
        storage.rows.computeIfAbsent(change.table().id(), id -> new LinkedHashMap<>());
    if (change instanceof RowChange.Insert insert) {
      storage.copiedRows++;
      if (!options.skipExistingRows() || !rows.containsKey(insert.afterId())) {
        rows.put(insert.afterId(), insert.after());
      }
    } else if (change instanceof RowChange.Update update) {
      ReplicaId before = update.beforeId().orElse(update.afterId());
      SourceRow known = rows.remove(before);
      SourceRow merged = known == null ? update.after() : merge(update.after(), known);
      rows.put(update.afterId(), merged);
      if (!merged.complete()) {
        options.onUnavailable().accept(update);
        incomplete = true;
      }
    } else if (change instanceof RowChange.Delete delete) {
      rows.remove(delete.beforeId());
    }
  }

  private static SourceRow merge(SourceRow row, SourceRow known) {
    SqlValue[] values = new SqlValue[row.size()];
    for (int i = 0; i < values.length; i++) {
      SqlValue value = row.value(i);
      values[i] = value == SqlValue.ABSENT ? known.value(row.layout().name(i)) : value;
    }
    return new SourceRow(row.layout(), values);
  }

  @Override
  public CommitResult commitIfComplete(Lsn position, boolean createEmptyCheckpoints) {
    incomplete = false;
    flush();
    return incomplete ? CommitResult.ofIncompleteRows() : commit(position, createEmptyCheckpoints);
  }

  @Override
  public CommitResult commit(Lsn position, boolean createEmptyCheckpoints) {
    flush();
    synchronized (storage) {
      boolean may =
          storage.snapshotDone
              && (storage.checkpoint == null || storage.checkpoint.compareTo(position) <= 0)
              && (storage.barrier == null || storage.barrier.compareTo(position) <= 0);
      if (!may) {
        return new CommitResult(true, false);
      }
      storage.checkpoint = position;
      storage.checkpoints.add(position);
      storage.publish();
      return new CommitResult(false, true);
    }
  }

  @Override
  public Optional<OpId> truncate(List<SourceTable> tables) {
    flush();
    synchronized (storage) {
      tables.forEach(table -> storage.rows.remove(table.id()));
    }
    return Optional.empty();
  }

  @Override
  public void drop(List<SourceTable> tables) {
    truncate(tables);
    synchronized (storage) {
      for (SourceTable table : tables) {
        storage.tables.remove(table.id());
        storage.log.add("drop " + table.table().name());
      }
    }
  }

  @Override
  public SourceTable updateProgress(SourceTable table, SnapshotProgress progress) {
    storage.log.add("progress " + table.table().name() + " " + progress.copiedRows());
    return replace(table, progress, false);
  }

  private SourceTable replace(SourceTable table, SnapshotProgress progress, boolean done) {
    synchronized (storage) {
      SourceTable next =
          new SourceTable(
              table.id(),
              table.table(),
              table.objectId(),
              table.identity(),
              done,
              progress,
              table.storeCurrentData(),
              table.syncsData(),
              table.syncsParameters(),
              table.triggersEvents());
      storage.tables.put(next.id(), next);
      return next;
    }
  }

  @Override
  public List<SourceTable> markTablesDone(List<SourceTable> tables, Optional<Lsn> barrier) {
    barrier.ifPresent(this::raiseBarrier);
    tables.forEach(table -> storage.log.add("done " + table.table().name()));
    return tables.stream().map(table -> replace(table, SnapshotProgress.NONE, true)).toList();
  }

  @Override
  public void raiseBarrier(Lsn barrier) {
    synchronized (storage) {
      storage.barrier =
          Lsn.greatest(Optional.ofNullable(storage.barrier), Optional.of(barrier)).orElseThrow();
    }
  }

  @Override
  public void markSnapshotDone(Lsn barrier) {
    for (SourceTable table : new HashMap<>(storage.tables).values()) {
      if (!table.snapshotComplete()) {
        throw new IllegalStateException("incomplete: " + table.table());
      }
    }
    markAllSnapshotDone(barrier);
  }

  @Override
  public void markAllSnapshotDone(Lsn barrier) {
    raiseBarrier(barrier);
    storage.snapshotDone = true;
  }

  @Override
  public void markSnapshotRequired(SourceTable table) {
    storage.snapshotDone = false;
  }

  @Override
  public List<SourceTable> tables() {
    synchronized (storage) {
      return List.copyOf(storage.tables.values());
    }
  }

  @Override
  public void setResumeLsn(Lsn position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    queue.clear();
  }
}
