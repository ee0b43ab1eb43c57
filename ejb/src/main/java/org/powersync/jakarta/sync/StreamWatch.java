package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.powersync.jakarta.storage.OpId;

/**
 * One stream's place at {@link LiveCheckpoints}: told of checkpoints that may concern it, the
 * newest only. One consuming thread; the rest from any.
 */
final class StreamWatch implements CheckpointWatch {
  private static final Dependencies NONE = new Dependencies(Set.of(), Set.of());

  private final LiveCheckpoints live;
  private final String user;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Due due;
  private boolean wokenUp;
  private boolean ended;
  private RuntimeException failure;

  // Guarded by the lock of LiveCheckpoints.
  private Dependencies dependencies = NONE;
  private OptionalLong writeCheckpoint;

  StreamWatch(LiveCheckpoints live, String user) {
    this.live = live;
    this.user = user;
  }

  @Override
  public Event next(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (true) {
        if (failure != null) {
          throw failure;
        }
        if (ended) {
          return new Ended();
        }
        if (due != null) {
          Due found = due;
          due = null;
          return found;
        }
        if (wokenUp || left <= 0) {
          wokenUp = false;
          return new TimedOut();
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wakeUp() {
    lock.lock();
    try {
      wokenUp = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void dependsOn(Dependencies dependencies, OpId asOf) {
    live.dependsOn(this, dependencies, asOf);
  }

  @Override
  public void dropped(OpId checkpoint) {
    live.dropped(this, checkpoint);
  }

  @Override
  public Changes changes(OpId after, OpId upTo) {
    return live.changes(after, upTo);
  }

  @Override
  public void close() {
    live.leave(this);
  }

  // Called by LiveCheckpoints, under its lock where it is about its fields.

  String user() {
    return user;
  }

  Dependencies dependencies() {
    return dependencies;
  }

  void dependencies(Dependencies now) {
    dependencies = now;
  }

  /** The client's effective write checkpoint as computed last; null before the first time. */
  OptionalLong writeCheckpoint() {
    return writeCheckpoint;
  }

  void writeCheckpoint(OptionalLong computed) {
    writeCheckpoint = computed;
  }

  void offer(Due newest) {
    lock.lock();
    try {
      due = newest;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void end(RuntimeException reason) {
    lock.lock();
    try {
      ended = true;
      failure = reason;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
