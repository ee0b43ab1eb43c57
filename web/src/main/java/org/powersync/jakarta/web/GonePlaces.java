package org.powersync.jakarta.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.powersync.jakarta.sync.SyncStreams;

/**
 * Wins back the places of clients that are gone. The server learns of a closed connection only when
 * it writes; without traffic that is up to 22 s later, and a client that connects again would be
 * turned away meanwhile. Safe for all threads.
 */
final class GonePlaces {
  /** Every open stream sends two lines, so not for every request that is turned away. */
  private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

  /** The answer of a closed connection to the first line. */
  private static final Duration ANSWER = Duration.ofMillis(60);

  private static final Duration END = Duration.ofMillis(250);

  /** Requests that wait hold a thread of the server; more are turned away at once. */
  private static final int MAX_WAITING = 8;

  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final SyncStreams streams;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

  GonePlaces(SyncStreams streams) {
    this.streams = streams;
  }

  /** Takes a place that became free this way; empty when none did in time. */
  Optional<Admission.Place> enter(Admission admission) throws InterruptedException {
    if (!waiting.tryAcquire()) {
      return Optional.empty();
    }
    try {
      long now = System.nanoTime();
      long before = last.get();
      if (now - before >= PAUSE_NANOS && last.compareAndSet(before, now)) {
        streams.probe();
        Optional<Admission.Place> entered = admission.enter(ANSWER);
        streams.probe();
        if (entered.isPresent()) {
          return entered;
        }
      }
      return admission.enter(END);
    } finally {
      waiting.release();
    }
  }
}
