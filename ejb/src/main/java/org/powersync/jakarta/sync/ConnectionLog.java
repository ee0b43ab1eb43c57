package org.powersync.jakarta.sync;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands connection events on, one after the other and in order, without ever delaying a stream.
 * When they cannot be taken as fast as they come, the newest are dropped. Safe for all threads.
 */
final class ConnectionLog {
  private static final Logger LOG = Logger.getLogger(ConnectionLog.class.getName());
  private static final int MAX_WAITING = 10_000;

  private final Executor executor;
  private final Lock lock = new ReentrantLock();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  ConnectionLog(Executor executor) {
    this.executor = executor;
  }

  void add(Runnable event) {
    lock.lock();
    try {
      if (waiting.size() < MAX_WAITING) {
        waiting.add(event);
      }
      if (running) {
        return;
      }
      running = true;
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(this::run);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "Shutting down; connection events are dropped", e);
    }
  }

  private void run() {
    for (Runnable event = next(); event != null; event = next()) {
      try {
        event.run();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "A connection event could not be recorded", e);
      }
    }
  }

  private Runnable next() {
    lock.lock();
    try {
      Runnable next = waiting.poll();
      running = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }
}
