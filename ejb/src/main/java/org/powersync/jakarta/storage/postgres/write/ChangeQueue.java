package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Changes that wait for a flush, in order. Rows that are known as they came are handed to the
 * executor in small groups at once, so that their images are ready when the flush begins.
 */
final class ChangeQueue {
  /** Enough rows to outweigh the hand-over, few enough to keep all threads busy to the end. */
  private static final int GROUP_ROWS = 64;

  private static final long GROUP_BYTES = 256 * 1024;

  private final BatchLimits limits;
  private final RowEvaluator evaluator;
  private final Executor executor;
  private List<QueuedChange> changes = new ArrayList<>();
  private final List<EvaluationTask> tasks = new ArrayList<>();
  private List<QueuedChange> group = new ArrayList<>(GROUP_ROWS);
  private long groupBytes;
  private long estimatedSize;

  ChangeQueue(BatchLimits limits, RowEvaluator evaluator, Executor executor) {
    this.limits = limits;
    this.evaluator = evaluator;
    this.executor = executor;
  }

  void add(QueuedChange change) {
    changes.add(change);
    estimatedSize += change.estimatedSize();
    if (change.knownAlone()) {
      group.add(change);
      groupBytes += change.estimatedSize();
      if (group.size() >= GROUP_ROWS || groupBytes >= GROUP_BYTES) {
        submitGroup();
      }
    }
  }

  boolean full() {
    return changes.size() >= limits.maxRecordCount()
        || estimatedSize > limits.maxCurrentDataBatchSize();
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  int size() {
    return changes.size();
  }

  /** The changes in order, with all images that can be made from rows alone. */
  List<QueuedChange> evaluated() {
    submitGroup();
    tasks.forEach(EvaluationTask::complete);
    tasks.clear();
    return changes;
  }

  /** Drops the first changes, which are stored now. */
  void removeFirst(int count) {
    changes = new ArrayList<>(changes.subList(count, changes.size()));
    estimatedSize = changes.stream().mapToLong(QueuedChange::estimatedSize).sum();
  }

  /** Drops everything; returns how many changes were lost. */
  int clear() {
    int lost = changes.size();
    tasks.forEach(task -> task.cancel(false));
    tasks.clear();
    group.clear();
    changes.clear();
    estimatedSize = 0;
    return lost;
  }

  private void submitGroup() {
    if (group.isEmpty()) {
      return;
    }
    EvaluationTask task = new EvaluationTask(group, evaluator);
    tasks.add(task);
    group = new ArrayList<>(GROUP_ROWS);
    groupBytes = 0;
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // An executor that shuts down; the flushing thread does the work.
      task.run();
    }
  }
}
