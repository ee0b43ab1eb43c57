package org.powersync.jakarta.replication;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a stream is behind its source, in time: the age of the oldest source change that has no
 * checkpoint yet, as the maximum of a rolling window (replication section 5.5). Safe for all
 * threads.
 */
public final class ReplicationLag {
  private static final int BUCKETS = 6;
  private static final long BUCKET_MILLIS = 5_000;

  private final InstantSource clock;
  private final long[] bucketNumbers = new long[BUCKETS];
  private final long[] bucketMaxima = new long[BUCKETS];
  private Instant oldest;
  private boolean known;

  public ReplicationLag(InstantSource clock) {
    this.clock = clock;
    Arrays.fill(bucketNumbers, Long.MIN_VALUE);
  }

  /** A new attempt starts: nothing is known until its first checkpoint. */
  public synchronized void reset() {
    oldest = null;
    known = false;
    Arrays.fill(bucketNumbers, Long.MIN_VALUE);
  }

  /** A transaction of the source was seen that was committed there at this time. */
  public synchronized void began(Instant commitTime) {
    if (oldest == null) {
      oldest = commitTime;
    }
  }

  /** When the oldest transaction without a checkpoint was committed; empty when there is none. */
  public synchronized Optional<Instant> oldest() {
    return Optional.ofNullable(oldest);
  }

  /** A commit in storage returned; a blocked one changes nothing. */
  public synchronized void committed(boolean blocked) {
    if (blocked) {
      return;
    }
    if (oldest != null) {
      long now = clock.millis();
      record(now, Math.max(0, Duration.between(oldest, Instant.ofEpochMilli(now)).toMillis()));
    }
    oldest = null;
    known = true;
  }

  /** A keepalive commit in storage returned. */
  public synchronized void keptAlive(boolean blocked) {
    if (!blocked) {
      oldest = null;
    }
    known = true;
  }

  /** The greatest lag of the last 30 s in whole seconds; empty while nothing is known. */
  public synchronized OptionalLong seconds() {
    if (!known && oldest == null) {
      return OptionalLong.empty();
    }
    long now = clock.millis();
    long greatest = oldest == null ? 0 : Math.max(0, now - oldest.toEpochMilli());
    long firstBucket = now / BUCKET_MILLIS - BUCKETS + 1;
    for (int i = 0; i < BUCKETS; i++) {
      if (bucketNumbers[i] >= firstBucket) {
        greatest = Math.max(greatest, bucketMaxima[i]);
      }
    }
    return OptionalLong.of(greatest / 1000);
  }

  private void record(long now, long lagMillis) {
    long number = now / BUCKET_MILLIS;
    int slot = (int) (number % BUCKETS);
    if (bucketNumbers[slot] != number) {
      bucketNumbers[slot] = number;
      bucketMaxima[slot] = 0;
    }
    bucketMaxima[slot] = Math.max(bucketMaxima[slot], lagMillis);
  }
}
