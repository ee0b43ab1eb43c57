package org.powersync.jakarta.storage.postgres.write;

import java.util.Optional;

/** Changes that are compared with what is stored. */
final class StreamedChanges implements PendingChanges {
  private final ChangeQueue queue;
  private final FlushTransaction transaction;

  StreamedChanges(ChangeQueue queue, FlushTransaction transaction) {
    this.queue = queue;
    this.transaction = transaction;
  }

  @Override
  public void add(QueuedChange change) {
    queue.add(change);
  }

  @Override
  public boolean full() {
    return queue.full();
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public Flushed flush(Optional<CheckpointCommit.Request> commit) {
    FlushTransaction.Applied applied = transaction.run(queue.evaluated(), commit);
    queue.removeFirst(applied.changes());
    return applied.flushed();
  }

  @Override
  public int clear() {
    return queue.clear();
  }
}
