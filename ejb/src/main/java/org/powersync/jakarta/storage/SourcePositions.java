package org.powersync.jakarta.storage;

/**
 * Positions of the source, as write checkpoints need them (replication section 5.4). An
 * application-scoped CDI bean; works in every process that has a source connection, whether or not
 * it replicates. Safe for all threads; both methods ask the source.
 *
 * <p>Order of calls: read the head, store the requests with it, and only then, when storage says
 * so, advance.
 */
public interface SourcePositions {
  /** A position behind every change that was committed before the call. */
  Lsn head();

  /** Makes the source produce a position behind every head handed out before. */
  void advance();
}
