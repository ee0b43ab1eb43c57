package org.powersync.jakarta.storage.postgres.write;

import java.util.Arrays;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.format.StoredRow;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * A change in the queue, with its keys and the image of its row. Images are set at most twice: by
 * an {@link EvaluationTask} for a row that is known as it came, or by the flushing thread for one
 * that storage completes.
 */
final class QueuedChange {
  private final RowChange change;
  private final SourceRow after;
  private final RowKey afterKey;
  private final RowKey beforeKey;
  private final boolean keepsCopy;
  private final long estimatedSize;
  private RowImage image;
  private byte[] mergedFrom;

  QueuedChange(RowChange change, boolean keepsCopy) {
    this.change = change;
    this.keepsCopy = keepsCopy;
    SourceRow before;
    if (change instanceof RowChange.Insert insert) {
      before = null;
      this.after = insert.after();
      this.afterKey = key(insert.afterId());
      this.beforeKey = null;
    } else if (change instanceof RowChange.Update update) {
      before = update.before().orElse(null);
      this.after = update.after();
      this.afterKey = key(update.afterId());
      this.beforeKey = update.beforeId().map(this::key).orElse(afterKey);
    } else {
      RowChange.Delete delete = (RowChange.Delete) change;
      before = delete.before().orElse(null);
      this.after = null;
      this.afterKey = null;
      this.beforeKey = key(delete.beforeId());
    }
    this.estimatedSize = StoredRow.estimatedSize(before) + StoredRow.estimatedSize(after);
  }

  private RowKey key(ReplicaId id) {
    return new RowKey(change.table().id(), id);
  }

  RowChange change() {
    return change;
  }

  SourceTable table() {
    return change.table();
  }

  /** The row after the change as it came, or null for a delete. */
  SourceRow after() {
    return after;
  }

  /** Where the row is afterwards, or null for a delete. */
  RowKey afterKey() {
    return afterKey;
  }

  /** Where storage knows the row before the change. */
  RowKey currentKey() {
    return beforeKey == null ? afterKey : beforeKey;
  }

  boolean isInsert() {
    return beforeKey == null;
  }

  /** True when the row disappears from its key: a delete, or an update of the identity. */
  boolean leavesKey() {
    return beforeKey != null && !beforeKey.equals(afterKey);
  }

  /** Whether a copy of the row is stored. */
  boolean keepsCopy() {
    return keepsCopy;
  }

  /** True when the row can be evaluated without knowing what is stored. */
  boolean knownAlone() {
    return after != null && (!keepsCopy || after.complete());
  }

  /** True when columns are missing that the stored copy may hold. */
  boolean needsStoredCopy() {
    return change instanceof RowChange.Update && !knownAlone();
  }

  long estimatedSize() {
    return estimatedSize;
  }

  RowImage image() {
    return image;
  }

  void image(RowImage computed) {
    this.image = computed;
  }

  /** The image computed from this stored copy before, or null; a repeated attempt reuses it. */
  RowImage imageMergedFrom(byte[] copy) {
    return mergedFrom != null && Arrays.equals(mergedFrom, copy) ? image : null;
  }

  void image(RowImage computed, byte[] copy) {
    this.image = computed;
    this.mergedFrom = copy;
  }
}
