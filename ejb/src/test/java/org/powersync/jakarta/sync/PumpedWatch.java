package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.OpId;

/** A stream's watch that does the watcher's work itself while it waits, on fake time. */
final class PumpedWatch implements CheckpointWatch {
  private final InstantSource time;
  private final LiveCheckpoints live;
  private final CheckpointSubscription subscription;
  private final StreamWatch watch;
  private boolean wokenUp;

  PumpedWatch(
      InstantSource time, LiveCheckpoints live, CheckpointSubscription subscription, String user) {
    this.time = time;
    this.live = live;
    this.subscription = subscription;
    this.watch = live.watch(user);
  }

  @Override
  public Event next(Duration timeout) throws InterruptedException {
    Instant end = time.instant().plus(timeout);
    while (true) {
      pump(Duration.ZERO);
      Event event = watch.next(Duration.ZERO);
      if (!(event instanceof TimedOut)) {
        return event;
      }
      Duration left = Duration.between(time.instant(), end);
      if (wokenUp || left.isNegative() || left.isZero()) {
        wokenUp = false;
        return new TimedOut();
      }
      Duration untilLookUp = live.untilLookUp();
      pump(untilLookUp.compareTo(left) < 0 ? untilLookUp : left);
    }
  }

  private void pump(Duration atMost) throws InterruptedException {
    CheckpointSubscription.Event event = subscription.next(atMost);
    if (event instanceof CheckpointSubscription.Advanced advanced) {
      live.advanced(advanced.checkpoint());
    } else if (event instanceof CheckpointSubscription.Ended) {
      live.end(Optional.empty());
    } else {
      live.lookUpWriteCheckpoints();
    }
  }

  @Override
  public void wakeUp() {
    wokenUp = true;
    subscription.wakeUp();
  }

  @Override
  public void dependsOn(Dependencies dependencies, OpId asOf) {
    watch.dependsOn(dependencies, asOf);
  }

  @Override
  public Changes changes(OpId after, OpId upTo) {
    return watch.changes(after, upTo);
  }

  @Override
  public void close() {
    watch.close();
    subscription.close();
  }
}
