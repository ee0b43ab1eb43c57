package org.powersync.jakarta.replication;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Asks the work of one job to end, once and for good. Safe for all threads.
 *
 * <p>Work looks at it between units that are complete in storage, and registers actions that cut
 * short whatever blocks (replication section 1.10).
 */
public final class StopSignal {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();

  public boolean stopped() {
    return stopped.getCount() == 0;
  }

  /** Raises the signal and runs the registered actions on this thread; repeating does nothing. */
  public void stop() {
    List<Runnable> due;
    synchronized (actions) {
      if (stopped()) {
        return;
      }
      stopped.countDown();
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  /**
   * Runs an action when the signal is raised, at once when it already is. Closing the registration
   * takes the action back.
   */
  public Registration onStop(Runnable action) {
    synchronized (actions) {
      if (!stopped()) {
        actions.add(action);
        return () -> remove(action);
      }
    }
    action.run();
    return () -> {};
  }

  private void remove(Runnable action) {
    synchronized (actions) {
      actions.removeIf(registered -> registered == action);
    }
  }

  /** Waits until the signal is raised; false when the time passed first. */
  public boolean await(Duration time) throws InterruptedException {
    return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Throws {@code PSYNC_S1103} when the signal is raised. */
  public void check() {
    if (stopped()) {
      throw new PowerSyncException(ErrorCode.PSYNC_S1103, "Replication was stopped");
    }
  }

  /** An action that waits for the signal. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
