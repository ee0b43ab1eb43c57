package org.powersync.jakarta.storage.postgres.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.StreamLock;

/**
 * A lock kept alive in the background. It is lost when its row is gone, and also when it could not
 * be renewed for its whole lifetime, because another process may have it by then. Once lost it
 * stays lost. When storage is away while the lock is given back, that is tried again, so that this
 * process need not wait for its own lock to expire. Safe for all threads.
 */
public final class StreamLease implements StreamLock {
  private static final Logger LOG = Logger.getLogger(StreamLease.class.getName());

  /**
   * @param lifetime how long the lock stands without renewal
   * @param renewal time between renewals
   * @param retry time until the next try after a renewal or a release that failed
   */
  record Times(Duration lifetime, Duration renewal, Duration retry) {
    /** Renewal is chosen so that the timers of two nodes do not align. */
    static final Times USUAL =
        new Times(LockTable.LIFETIME, Duration.ofMillis(30_130), Duration.ofSeconds(3));
  }

  private final LockTable table;
  private final ScheduledExecutorService scheduler;
  private final Times times;
  private final String name;
  private final UUID id;
  private final List<Runnable> onLost = new ArrayList<>();
  private volatile long expiresAt;
  private volatile boolean lost;
  private volatile boolean closed;

  private StreamLease(
      LockTable table, ScheduledExecutorService scheduler, Times times, String name, UUID id) {
    this.table = table;
    this.scheduler = scheduler;
    this.times = times;
    this.name = name;
    this.id = id;
  }

  /** Takes the lock and keeps it; empty when another process holds it. */
  public static Optional<StreamLock> acquire(
      LockTable table, ScheduledExecutorService scheduler, String name) {
    return acquire(table, scheduler, Times.USUAL, name);
  }

  static Optional<StreamLock> acquire(
      LockTable table, ScheduledExecutorService scheduler, Times times, String name) {
    long asked = System.nanoTime();
    StreamLease lease = new StreamLease(table, scheduler, times, name, UUID.randomUUID());
    try {
      if (!table.acquire(name, lease.id, times.lifetime())) {
        return Optional.empty();
      }
    } catch (PowerSyncException e) {
      // The answer may have been lost after the lock was taken.
      lease.closed = true;
      lease.releaseLater(asked + times.lifetime().toNanos());
      throw e;
    }
    lease.renewed(asked);
    return Optional.of(lease);
  }

  @Override
  public boolean held() {
    return !lost && !closed && System.nanoTime() - expiresAt < 0;
  }

  @Override
  public void onLost(Runnable action) {
    synchronized (onLost) {
      if (!lost) {
        onLost.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    release(System.nanoTime() + times.lifetime().toNanos());
  }

  /**
   * @param expiry when the lock is over anyway ({@link System#nanoTime})
   */
  private void release(long expiry) {
    try {
      table.release(id);
    } catch (PowerSyncException e) {
      LOG.log(Level.WARNING, e, () -> "Lock not released, trying again until it expires: " + name);
      releaseLater(expiry);
    }
  }

  private void releaseLater(long expiry) {
    if (System.nanoTime() - expiry < 0) {
      later(() -> release(expiry), times.retry());
    }
  }

  private void renewed(long asked) {
    expiresAt = asked + times.lifetime().toNanos();
    schedule(this::renew, times.renewal());
    schedule(this::expireIfDue, times.lifetime());
  }

  private void renew() {
    if (closed || lost) {
      return;
    }
    long asked = System.nanoTime();
    try {
      if (table.refresh(id)) {
        renewed(asked);
      } else if (!closed) {
        lose("another process took it over");
      }
    } catch (PowerSyncException e) {
      LOG.log(Level.WARNING, e, () -> "Lock not renewed, trying again: " + name);
      schedule(this::renew, times.retry());
    }
  }

  /** Runs apart from renewal, which may hang on a dead connection. */
  private void expireIfDue() {
    if (!closed && System.nanoTime() - expiresAt >= 0) {
      lose("it could not be renewed in time");
    }
  }

  private void lose(String why) {
    List<Runnable> actions;
    synchronized (onLost) {
      if (lost) {
        return;
      }
      lost = true;
      actions = List.copyOf(onLost);
    }
    LOG.log(Level.WARNING, "Lock {0} is lost: {1}", new Object[] {name, why});
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, e, () -> "Holder failed to react to the loss of lock " + name);
      }
    }
  }

  private void schedule(Runnable task, Duration delay) {
    if (!closed) {
      later(task, delay);
    }
  }

  private void later(Runnable task, Duration delay) {
    try {
      scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, e, () -> "The application stops, the lock is left to expire: " + name);
    }
  }
}
