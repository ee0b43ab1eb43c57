package org.powersync.jakarta.sync;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CheckpointSubscription;

/**
 * The one thread that watches the checkpoints of a replication stream on behalf of all sync streams
 * of the process. Runs until another sync config becomes active, watching fails, or {@link #stop}.
 */
final class CheckpointWatcher implements Runnable {
  private static final Logger LOG = Logger.getLogger(CheckpointWatcher.class.getName());

  private final BucketReader reader;
  private final LiveCheckpoints live;
  private volatile CheckpointSubscription subscription;
  private volatile boolean stopped;

  CheckpointWatcher(BucketReader reader, LiveCheckpoints live) {
    this.reader = reader;
    this.live = live;
  }

  @Override
  public void run() {
    try (CheckpointSubscription watched = reader.watch()) {
      subscription = watched;
      watch(watched);
      live.end(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      live.end(Optional.empty());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Watching checkpoints failed; sync streams end", e);
      live.end(Optional.of(e));
    }
  }

  private void watch(CheckpointSubscription watched) throws InterruptedException {
    while (!stopped) {
      CheckpointSubscription.Event event = watched.next(live.untilLookUp());
      if (event instanceof CheckpointSubscription.Ended) {
        return;
      }
      if (event instanceof CheckpointSubscription.Advanced advanced) {
        live.advanced(advanced.checkpoint());
      } else {
        live.lookUpWriteCheckpoints();
      }
    }
  }

  /** Ends the thread; streams see the end of checkpoints. Any thread. */
  void stop() {
    stopped = true;
    CheckpointSubscription watched = subscription;
    if (watched != null) {
      watched.wakeUp();
    }
  }
}
