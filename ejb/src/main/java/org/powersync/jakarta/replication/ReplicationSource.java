package org.powersync.jakarta.replication;

import java.time.Duration;
import org.powersync.jakarta.storage.ReplicationStream;

/**
 * A source database, as the engine sees it: the seam between the engine and one kind of source.
 * Methods may block; they are called from the engine's threads, {@link #replicate} from one per
 * stream. Specification: replication section 1.
 */
public interface ReplicationSource extends AutoCloseable {
  /** Stable id for logs and status, such as {@code postgresql-orders}. */
  String id();

  /**
   * One attempt: copies what is not copied, then follows the source. Returns when the attempt's
   * stop signal is raised, throws when it fails. Releases every connection it opened either way.
   */
  void replicate(ReplicationAttempt attempt) throws InterruptedException;

  /** Makes the source produce a position beyond its present one (1.12). */
  void heartbeat();

  /** Removes what a stream left on the source; can be repeated (1.11). */
  void cleanUp(ReplicationStream stream);

  /** What follows from a failed attempt (1.8, 1.9). */
  Verdict judge(Throwable failure);

  @Override
  void close();

  /**
   * @param delay before the next attempt
   * @param everyStream whether that is for all streams of the source: it cannot be reached
   * @param restart replicate the stream anew: its position on the source is lost
   * @param skippedOperations operation ids that may have been used before storage was set back to
   *     an earlier state; 0 = it was not
   */
  record Verdict(Duration delay, boolean everyStream, boolean restart, long skippedOperations) {
    /** The stream goes on where it was. */
    public Verdict(Duration delay, boolean everyStream) {
      this(delay, everyStream, false, 0);
    }
  }
}
