package org.powersync.jakarta.sync.rsocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer to one request: as many items as the client asks for, then its end. One thread sends;
 * the client's frames come on another.
 */
public final class OutgoingStream {
  private final RSocketConnection connection;
  private final int id;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long requested;
  private boolean cancelled;
  private Runnable onCancel = () -> {};

  OutgoingStream(RSocketConnection connection, int id, int initialN) {
    this.connection = connection;
    this.id = id;
    this.requested = initialN;
  }

  /**
   * Sends one item as soon as the client wants one. Throws when the client has gone or cancelled.
   *
   * @return false when the client asked for none within the time given; then nothing was sent
   */
  public boolean send(ByteBuffer data, Duration patience) throws IOException, InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (requested == 0 && !cancelled && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (cancelled) {
        throw new IOException("the client cancelled the stream");
      }
      if (requested == 0) {
        return false;
      }
      requested--;
    } finally {
      lock.unlock();
    }
    connection.sendNext(id, data);
    return true;
  }

  /** Ends the stream regularly. */
  public void complete() throws IOException {
    connection.complete(this);
  }

  /** Ends the stream with a failure of the application. */
  public void fail(String text) throws IOException {
    connection.fail(this, ErrorKind.APPLICATION_ERROR, text);
  }

  /** Has something done once, when the client cancels or is gone; at once if it has already. */
  public void onCancel(Runnable action) {
    boolean late;
    lock.lock();
    try {
      late = cancelled;
      onCancel = action;
    } finally {
      lock.unlock();
    }
    if (late) {
      action.run();
    }
  }

  /** Whether nobody wants the answer any more. */
  public boolean cancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  int id() {
    return id;
  }

  void request(int n) {
    lock.lock();
    try {
      requested = Math.min(requested + n, Integer.MAX_VALUE);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void cancel() {
    Runnable action;
    lock.lock();
    try {
      if (cancelled) {
        return;
      }
      cancelled = true;
      action = onCancel;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    action.run();
  }
}
