package org.powersync.jakarta.replication.postgres.stream;

import java.time.Duration;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/**
 * Source transactions that become one commit in storage. A group goes on only while the end of
 * another transaction waits already, so that an idle system commits at once and a commit never
 * contains a part of a transaction (replication section 5.2). One thread.
 */
final class CommitGroup {
  static final long MAX_BYTES = 8L << 20;
  static final Duration MAX_AGE = Duration.ofMillis(50);

  private PgLsn end;
  private long bytes;
  private long startedAt;
  private boolean marked;

  /** A message belongs to the group. */
  void add(int size, long nowNanos) {
    if (bytes == 0) {
      startedAt = nowNanos;
    }
    bytes += size;
  }

  /** A transaction ended. */
  void transactionEnded(PgLsn endLsn) {
    end = endLsn;
  }

  /** The group holds a heartbeat: it makes a checkpoint even if nothing changed. */
  void mark() {
    marked = true;
  }

  boolean marked() {
    return marked;
  }

  /** Whether transactions wait to be committed. */
  boolean open() {
    return end != null;
  }

  /** End of the last transaction of an open group. */
  PgLsn end() {
    return end;
  }

  /**
   * Whether to commit now; asked right after a transaction ended.
   *
   * @param commitsWaiting transactions that have been received completely
   */
  boolean due(int commitsWaiting, long nowNanos) {
    return commitsWaiting == 0 || bytes >= MAX_BYTES || nowNanos - startedAt >= MAX_AGE.toNanos();
  }

  /** Committed: the next group begins. */
  void reset() {
    end = null;
    bytes = 0;
    marked = false;
  }
}
