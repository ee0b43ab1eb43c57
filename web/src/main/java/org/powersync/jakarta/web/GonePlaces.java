package org.powersync.jakarta.web;

import java.time.Duration;
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

  private final SyncStreams streams;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

  GonePlaces(SyncStreams streams) {
    this.streams = streams;
  }

  /** Takes a place that became free this way; false when none did, or when just tried. */
  boolean enter(Admission admission) throws InterruptedException {
    long now = System.nanoTime();
    long before = last.get();
    if (now - before < PAUSE_NANOS || !last.compareAndSet(before, now)) {
      return false;
    }
    streams.probe();
    if (admission.enter(ANSWER)) {
      return true;
    }
    streams.probe();
    return admission.enter(END);
  }
}
