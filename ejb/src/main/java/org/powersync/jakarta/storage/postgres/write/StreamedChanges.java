package org.powersync.jakarta.storage.postgres.write;

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
  public Flushed flush() {
    FlushTransaction.Applied applied = transaction.run(queue.evaluated());
    queue.removeFirst(applied.changes());
    return applied.flushed();
  }

  @Override
  public int clear() {
    return queue.clear();
  }
}
