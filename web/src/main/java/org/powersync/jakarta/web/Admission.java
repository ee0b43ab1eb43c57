package org.powersync.jakarta.web;

import java.time.Duration;
import java.util.Optional;
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

  /** Lets a request in; empty when even the waiting room is full. */
  Optional<Place> enter() throws InterruptedException {
    return enter(Duration.ZERO);
  }

  /** As {@link #enter}, but waits this long for a place in the waiting room. */
  Optional<Place> enter(Duration patience) throws InterruptedException {
    return room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(new Place())
        : Optional.empty();
  }

  /** The place of one request; handed from thread to thread, never shared. */
  final class Place {
    private boolean runs;

    private Place() {}

    /** Whether the request may run at once. */
    boolean runsAtOnce() {
      runs = running.tryAcquire();
      return runs;
    }

    /** Waits until the request may run, unless it does already. */
    void awaitTurn() throws InterruptedException {
      if (!runs) {
        running.acquire();
        runs = true;
      }
    }

    /** Gives the place back; once. */
    void leave() {
      if (runs) {
        running.release();
      }
      room.release();
    }
  }
}
