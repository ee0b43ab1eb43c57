package org.powersync.jakarta.storage;

/**
 * Ownership of a replication stream. Whoever writes to a stream holds its lock. Safe for all
 * threads.
 */
public interface StreamLock extends AutoCloseable {
  /** False once a refresh found that another process took the lock over: stop writing at once. */
  boolean held();

  /** Runs the action, on any thread, as soon as the lock is lost; at once when it already is. */
  void onLost(Runnable action);

  /** Releases the lock; nothing happens when it is already gone. */
  @Override
  void close();
}
