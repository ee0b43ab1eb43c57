package org.powersync.jakarta.web;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the body of one request takes, out of what all of them may take together: anyone
 * may send them, before a token was looked at. Safe for all threads.
 */
final class BodyMemory {
  /** One share for all routes of the process. */
  private static final Budget PROCESS = new Budget(Runtime.getRuntime().maxMemory() / 2);

  /** What a byte takes at most while it arrives: the buffer, and a larger one it is copied to. */
  private static final int ARRIVING = 2;

  /** What a byte takes at most beyond that when objects are made of it. */
  private static final int DECODED = 8;

  /** Decoding up to this size is not worth counting: few do it at a time. */
  private static final int SMALL = 64 << 10;

  private final Budget budget;
  private final AtomicLong taken = new AtomicLong();

  BodyMemory() {
    this(PROCESS);
  }

  BodyMemory(Budget budget) {
    this.budget = budget;
  }

  /** Takes memory for so many further bytes that arrive; false when there is none. */
  boolean take(int bytes) {
    return takeWeight((long) bytes * ARRIVING);
  }

  /** Takes memory for the objects made of a body of so many bytes; false when there is none. */
  boolean takeForDecoding(int bytes) {
    return bytes <= SMALL || takeWeight((long) bytes * DECODED);
  }

  private boolean takeWeight(long weight) {
    if (!budget.take(weight)) {
      return false;
    }
    taken.addAndGet(weight);
    return true;
  }

  /** Gives back all that was taken. */
  void release() {
    budget.giveBack(taken.getAndSet(0));
  }

  /** What all bodies may take together. Safe for all threads. */
  static final class Budget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    Budget(long limit) {
      this.limit = limit;
    }

    private boolean take(long weight) {
      while (true) {
        long before = taken.get();
        // Whatever is asked for while nothing is taken is granted: bodies have a limit each.
        if (before > 0 && before + weight > limit) {
          return false;
        }
        if (taken.compareAndSet(before, before + weight)) {
          return true;
        }
      }
    }

    private void giveBack(long weight) {
      taken.addAndGet(-weight);
    }
  }
}
