package org.powersync.jakarta.web;

import java.util.concurrent.Semaphore;

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
    if (!room.tryAcquire()) {
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
