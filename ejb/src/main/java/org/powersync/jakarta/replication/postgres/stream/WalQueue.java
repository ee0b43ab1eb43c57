package org.powersync.jakarta.replication.postgres.stream;

import java.util.concurrent.atomic.AtomicInteger;
import org.powersync.jakarta.replication.postgres.server.ByteQueue;

/**
 * Events between reader and applier, bounded in bytes; knows how many complete transactions wait.
 * When it is full the reader stops reading and the server stops sending (8.3).
 */
final class WalQueue {
  private static final long CAPACITY = 16L << 20;

  /** What an event costs besides its bytes. */
  static final int OVERHEAD = 120;

  private final ByteQueue<WalEvent> events = new ByteQueue<>(CAPACITY);
  private final AtomicInteger commits = new AtomicInteger();

  ByteQueue.Offer offer(WalEvent event, long millis) throws InterruptedException {
    boolean commit = isCommit(event);
    if (commit) {
      commits.incrementAndGet();
    }
    ByteQueue.Offer offer = events.offer(event, size(event) + OVERHEAD, millis);
    if (commit && offer != ByteQueue.Offer.ACCEPTED) {
      commits.decrementAndGet();
    }
    return offer;
  }

  void fail(Throwable cause) {
    events.force(new WalEvent.Failed(cause));
  }

  /** The next event; null when none came within the time. */
  WalEvent poll(long millis) throws InterruptedException {
    WalEvent event = events.poll(millis);
    if (event != null && isCommit(event)) {
      commits.decrementAndGet();
    }
    return event;
  }

  /** Transactions whose end is in the queue. */
  int commitsWaiting() {
    return commits.get();
  }

  void close() {
    events.close();
  }

  static int size(WalEvent event) {
    return event instanceof WalEvent.Message message ? message.bytes().remaining() : 0;
  }

  private static boolean isCommit(WalEvent event) {
    return event instanceof WalEvent.Message message
        && message.bytes().hasRemaining()
        && message.bytes().get(message.bytes().position()) == 'C';
  }
}
