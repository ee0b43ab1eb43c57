package org.powersync.jakarta.replication.postgres.server;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue between two threads that is bounded by the bytes in it, so that its memory does not
 * depend on the size of rows. A single element larger than the bound passes when the queue is
 * empty.
 */
public final class ByteQueue<T> {
  private final long capacity;
  private final ArrayDeque<T> elements = new ArrayDeque<>();
  private final ArrayDeque<Integer> sizes = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private long bytes;
  private boolean closed;

  public ByteQueue(long capacity) {
    this.capacity = capacity;
  }

  /** What became of an offered element. */
  public enum Offer {
    ACCEPTED,
    /** Still no room after the time. */
    FULL,
    /** The consumer has gone. */
    CLOSED
  }

  /** Adds an element, waiting for room for at most this time. */
  public Offer offer(T element, int size, long millis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (!closed && bytes > 0 && bytes + size > capacity) {
        if (nanos <= 0) {
          return Offer.FULL;
        }
        nanos = notFull.awaitNanos(nanos);
      }
      if (closed) {
        return Offer.CLOSED;
      }
      elements.add(element);
      sizes.add(size);
      bytes += size;
      notEmpty.signal();
      return Offer.ACCEPTED;
    } finally {
      lock.unlock();
    }
  }

  /** Adds an element without regard to the bound; for ends and failures. */
  public void force(T element) {
    lock.lock();
    try {
      elements.add(element);
      sizes.add(0);
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next element; null when none came within the time. */
  public T poll(long millis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (elements.isEmpty()) {
        if (nanos <= 0) {
          return null;
        }
        nanos = notEmpty.awaitNanos(nanos);
      }
      bytes -= sizes.remove();
      notFull.signal();
      return elements.remove();
    } finally {
      lock.unlock();
    }
  }

  /** The consumer goes away: producers give up, what is queued is dropped. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      elements.clear();
      sizes.clear();
      bytes = 0;
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
