package org.powersync.jakarta.web;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory request bodies may take together: anyone may send them, before a token was looked
 * at. Safe for all threads.
 */
final class BodyBudget {
  /** One for all routes of the process. */
  static final BodyBudget PROCESS = new BodyBudget(Runtime.getRuntime().maxMemory() / 2);

  /** What a byte of a body takes at most while it is read and turned into objects. */
  private static final int WEIGHT = 10;

  /** Bodies up to this size are not worth counting. */
  static final int FREE = 64 << 10;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long limit) {
    this.limit = limit;
  }

  /** Takes memory for so many further bytes; false when there is none. The first always gets it. */
  boolean take(long bytes) {
    long weight = bytes * WEIGHT;
    while (true) {
      long before = taken.get();
      if (before > 0 && before + weight > limit) {
        return false;
      }
      if (taken.compareAndSet(before, before + weight)) {
        return true;
      }
    }
  }

  /** Gives back what was taken. */
  void giveBack(long bytes) {
    taken.addAndGet(-bytes * WEIGHT);
  }
}
