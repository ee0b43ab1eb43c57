package org.powersync.jakarta.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many requests of a group run at once, and how many may wait for that (sync API section 1.5).
 * First come, first served. Safe for all threads.
 */
final class Admission {
  private final Semaphore running;
  private final Semaphore room;

  /**
   * @param running requests at once
   * @param waiting further requests that are kept waiting; more are turned away
   */
  Admission(int running, int waiting) {
    this.running = new Semaphore(running, true);
    this.room = new Semaphore(running + waiting, true);
  }

  /** Waits for a place; false when even the waiting room is full. Then there is none to leave. */
  boolean enter() throws InterruptedException {
    return enter(Duration.ZERO);
  }

  /** As {@link #enter}, but waits this long for a place in the waiting room. */
  boolean enter(Duration patience) throws InterruptedException {
    if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    try {
      running.acquire();
      return true;
    } catch (InterruptedException e) {
      room.release();
      throw e;
    }
  }

  /** Gives a place back; once per successful {@link #enter}, by any thread. */
  void leave() {
    running.release();
    room.release();
  }
}
