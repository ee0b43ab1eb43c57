package org.powersync.jakarta.replication;

import java.time.Duration;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;

/**
 * One attempt at one stream inside this process: owns the stream's lock, waits for its turn, runs
 * the attempt and draws the consequences of its failure. Never throws; ends for good (replication
 * sections 1.3, 1.4). Runs on a thread of its own; {@link #stop} and {@link #finished} from any.
 */
final class ReplicationJob implements Runnable {
  private static final Logger LOG = Logger.getLogger(ReplicationJob.class.getName());

  private final ReplicationAttempt attempt;
  private final StreamLock lock;
  private final ReplicationSource source;
  private final BucketStorageProvider provider;
  private final RateLimiter limiter;
  private final InstantSource clock;
  private final Runnable onEnd;
  private volatile boolean finished;

  /**
   * @param lock held; released when the job ends
   * @param onEnd called on the job's thread after the lock was released
   */
  ReplicationJob(
      ReplicationAttempt attempt,
      StreamLock lock,
      ReplicationSource source,
      BucketStorageProvider provider,
      RateLimiter limiter,
      InstantSource clock,
      Runnable onEnd) {
    this.attempt = attempt;
    this.lock = lock;
    this.source = source;
    this.provider = provider;
    this.limiter = limiter;
    this.clock = clock;
    this.onEnd = onEnd;
  }

  ReplicationStream stream() {
    return attempt.stream();
  }

  boolean finished() {
    return finished;
  }

  boolean streaming() {
    return attempt.progress().status().phase() == Phase.STREAMING;
  }

  void stop() {
    attempt.stop().stop();
  }

  @Override
  public void run() {
    try (StreamLock held = lock) {
      held.onLost(this::lockLost);
      if (awaitTurn()) {
        source.replicate(attempt);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable failure) {
      failed(failure);
    } finally {
      stop();
      if (attempt.progress().status().phase() != Phase.BACKING_OFF) {
        attempt.progress().enter(Phase.STOPPED, "");
      }
      finished = true;
      onEnd.run();
    }
  }

  private void lockLost() {
    LOG.log(
        Level.WARNING,
        "Another process took over replication stream {0}; stopping here",
        stream().name());
    stop();
  }

  private boolean awaitTurn() throws InterruptedException {
    Duration wait = limiter.remaining();
    if (wait.compareTo(RateLimiter.BETWEEN_ATTEMPTS) > 0) {
      attempt.progress().backOff(clock.instant().plus(wait), "waiting before the next attempt");
    }
    boolean mayRun = limiter.awaitTurn(attempt.stop());
    if (mayRun) {
      attempt.progress().enter(Phase.CHECKING_SOURCE, "");
    }
    return mayRun;
  }

  /** A failure that follows from being stopped is no failure. */
  private void failed(Throwable failure) {
    if (attempt.stop().stopped()) {
      LOG.log(Level.FINE, failure, () -> "Replication stream " + stream().name() + " stopped");
      return;
    }
    LOG.log(Level.SEVERE, failure, () -> "Replication of stream " + stream().name() + " failed");
    ReplicationSource.Verdict verdict = source.judge(failure);
    if (verdict.everyStream()) {
      limiter.delayEvery(verdict.delay());
    } else {
      limiter.delay(verdict.delay());
    }
    attempt.progress().fail(failure, clock.instant().plus(verdict.delay()));
    try {
      attempt.storage().reportError(failure);
      if (verdict.skippedOperations() > 0) {
        provider.skipOperationIds(verdict.skippedOperations());
      }
      if (verdict.restart()) {
        LOG.log(Level.WARNING, "Replicating stream {0} anew", stream().name());
        provider.restartReplication(stream().id());
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, e, () -> "Cannot store the failure of " + stream().name());
    }
  }
}
