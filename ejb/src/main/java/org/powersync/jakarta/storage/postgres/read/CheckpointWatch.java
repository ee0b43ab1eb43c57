package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.format.CheckpointNotice;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Watches the checkpoint of the stream that serves, for all subscribers of the process (storage
 * section 6.3, design D6). A notification brings the next checkpoint of the stream; of all else it
 * is only a hint to read the row, which is also read at every poll; so whatever happens to the
 * listening connection costs at most a poll's time. A lost connection is opened again for as long
 * as it takes; subscribers just hear nothing meanwhile. Runs one thread from the first subscription
 * to {@link #close}. Safe for all threads.
 */
public final class CheckpointWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CheckpointWatch.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

  /** A half-open connection shows itself at the next poll, within this time. */
  private static final int ANSWER_MILLIS = 5000;

  /** Opens the listening connection: of its own, in no pool, closed by the watch. */
  @FunctionalInterface
  public interface Listening {
    Connection open() throws SQLException;
  }

  private final SqlTransactions sql;
  private final Listening listening;
  private final ThreadFactory threads;
  private final Duration poll;
  private final Lock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Set<CheckpointSubscriber> subscribers = new HashSet<>();
  private Checkpoint current;
  private boolean fresh;
  private boolean closed;
  private Thread thread;

  /**
   * @param sql reads the row while the watch is not up
   * @param threads gives the thread that watches
   * @param poll how often the row is read without a notification
   */
  public CheckpointWatch(
      SqlTransactions sql, Listening listening, ThreadFactory threads, Duration poll) {
    this.sql = sql;
    this.listening = listening;
    this.threads = threads;
    this.poll = poll;
  }

  /**
   * A subscription to a stream's checkpoints; one that is not the active stream's ends at once.
   * Throws PSYNC_S2302 when no stream is active.
   */
  CheckpointSubscription subscribe(GroupId stream) {
    CheckpointSubscriber subscriber = new CheckpointSubscriber(stream, this::leave);
    lock.lock();
    try {
      subscribers.add(subscriber);
      if (thread == null && !closed) {
        thread = threads.newThread(this::watch);
        thread.start();
      }
      if (closed) {
        subscriber.end();
        return subscriber;
      }
      if (fresh) {
        subscriber.offer(current);
        return subscriber;
      }
    } finally {
      lock.unlock();
    }
    try {
      accept(
          sql.autocommit("read the active checkpoint", CheckpointRows::ofActive)
              .orElseThrow(
                  () ->
                      new PowerSyncException(
                          ErrorCode.PSYNC_S2302, "No active replication stream available")),
          false);
    } catch (RuntimeException e) {
      leave(subscriber);
      throw e;
    }
    lock.lock();
    try {
      subscriber.offer(current);
      return subscriber;
    } finally {
      lock.unlock();
    }
  }

  /** This process made a checkpoint: of the stream that is watched, it is taken at once. */
  public void told(Checkpoint checkpoint) {
    if (checkpoint.stream().equals(watched())) {
      accept(checkpoint, false);
    }
  }

  /** Ends the thread and all subscriptions. */
  @Override
  public void close() {
    Thread watching;
    lock.lock();
    try {
      closed = true;
      change.signalAll();
      subscribers.forEach(CheckpointSubscriber::end);
      watching = thread;
    } finally {
      lock.unlock();
    }
    if (watching != null) {
      watching.interrupt();
    }
  }

  private void leave(CheckpointSubscriber subscriber) {
    lock.lock();
    try {
      subscribers.remove(subscriber);
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    Duration pause = Duration.ZERO;
    while (await(pause)) {
      try (Connection connection = listening.open()) {
        listen(connection);
        if (pause.compareTo(FIRST_RETRY) > 0) {
          LOG.info("Listening for checkpoints again");
        }
        pause = Duration.ZERO;
        while (await(Duration.ZERO)) {
          accept(CheckpointRows.ofActive(connection));
          awaitReason(connection);
        }
      } catch (SQLException e) {
        stale();
        if (isClosed()) {
          return;
        }
        LOG.log(
            pause.isZero() ? Level.WARNING : Level.FINE,
            e,
            () -> "The connection that listens for checkpoints failed; opening it again");
        pause = next(pause);
      }
    }
  }

  /**
   * Waits until the row has to be read: at the next poll, or when a notification does not tell of
   * the stream that serves. A checkpoint of that stream is taken from the notification.
   */
  private void awaitReason(Connection connection) throws SQLException {
    long end = System.nanoTime() + poll.toNanos();
    for (long left = poll.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      PGNotification[] notifications =
          connection.unwrap(PGConnection.class).getNotifications((int) left);
      if (isClosed()) {
        return;
      }
      for (PGNotification notification : notifications) {
        Optional<Checkpoint> told = CheckpointNotice.read(notification.getParameter());
        if (told.isEmpty() || !told.get().stream().equals(watched())) {
          return;
        }
        accept(told.get(), true);
      }
    }
  }

  /** The stream that serves, or null. */
  private GroupId watched() {
    lock.lock();
    try {
      return current == null ? null : current.stream();
    } finally {
      lock.unlock();
    }
  }

  private static Duration next(Duration pause) {
    Duration doubled = pause.isZero() ? FIRST_RETRY : pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
  }

  private static void listen(Connection connection) throws SQLException {
    Executor atOnce = Runnable::run;
    connection.setNetworkTimeout(atOnce, ANSWER_MILLIS);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CheckpointNotice.CHANNEL);
    }
  }

  private void accept(Optional<Checkpoint> read) {
    if (read.isPresent()) {
      accept(read.get(), true);
    } else {
      stale();
    }
  }

  /** Tells subscribers what is new; those of another stream are at their end. */
  private void accept(Checkpoint read, boolean watching) {
    lock.lock();
    try {
      fresh = watching || fresh;
      if (current != null && current.stream().equals(read.stream()) && !advances(current, read)) {
        return;
      }
      current = read;
      subscribers.forEach(subscriber -> subscriber.offer(read));
    } finally {
      lock.unlock();
    }
  }

  /** Neither goes backwards and at least one goes on. */
  private static boolean advances(Checkpoint before, Checkpoint after) {
    int byOperation = after.opId().compareTo(before.opId());
    int byPosition =
        after
            .lsn()
            .map(lsn -> before.lsn().map(lsn::compareTo).orElse(1))
            .orElse(before.lsn().isPresent() ? -1 : 0);
    return byOperation >= 0 && byPosition >= 0 && byOperation + byPosition > 0;
  }

  private void stale() {
    lock.lock();
    try {
      fresh = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, unless closed; false when closed. */
  private boolean await(Duration pause) {
    long left = pause.toNanos();
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = change.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
