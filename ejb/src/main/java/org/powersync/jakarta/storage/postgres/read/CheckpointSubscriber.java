package org.powersync.jakarta.storage.postgres.read;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.GroupId;

/** A subscription of {@link CheckpointWatch}: room for one checkpoint, the newest. */
final class CheckpointSubscriber implements CheckpointSubscription {
  private final GroupId stream;
  private final Consumer<CheckpointSubscriber> leave;
  private final Lock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private Checkpoint latest;
  private Checkpoint delivered;
  private boolean ended;
  private boolean wakeUp;

  CheckpointSubscriber(GroupId stream, Consumer<CheckpointSubscriber> leave) {
    this.stream = stream;
    this.leave = leave;
  }

  /** The newest checkpoint of the stream that serves. */
  void offer(Checkpoint checkpoint) {
    lock.lock();
    try {
      if (checkpoint.stream().equals(stream)) {
        if (!checkpoint.equals(delivered)) {
          latest = checkpoint;
        }
      } else {
        ended = true;
      }
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** There will be no more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Event next(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        if (ended) {
          return new Ended();
        }
        if (latest != null) {
          delivered = latest;
          latest = null;
          return new Advanced(delivered);
        }
        if (wakeUp || left <= 0) {
          wakeUp = false;
          return new TimedOut();
        }
        left = something.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wakeUp() {
    lock.lock();
    try {
      wakeUp = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    leave.accept(this);
  }
}
