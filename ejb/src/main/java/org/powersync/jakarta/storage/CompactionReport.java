package org.powersync.jakarta.storage;

/**
 * What a compaction did. Sizes are those of operations in the buckets it looked at; the space on
 * disk is free for reuse after the server's next vacuum.
 *
 * @param buckets that were looked at
 * @param operationsBefore in these buckets
 * @param operationsAfter in these buckets
 * @param moved operations that lost their content
 * @param bytesBefore stored size of row data in these buckets
 * @param bytesAfter the same afterwards
 * @param skippedBuckets left for the next run, because others changed them meanwhile
 * @param parameterRows rows of parameter history removed
 * @param expiredRequests client-requested write checkpoints removed
 */
public record CompactionReport(
    Outcome outcome,
    int buckets,
    long operationsBefore,
    long operationsAfter,
    long moved,
    long bytesBefore,
    long bytesAfter,
    int skippedBuckets,
    long parameterRows,
    long expiredRequests) {
  /** How it ended. */
  public enum Outcome {
    /** Everything asked for. */
    DONE,
    /** Aborted or out of time; the next run goes on there. */
    INTERRUPTED,
    /** The stream is not ACTIVE, or an incremental run was asked for: nothing was to be done. */
    NOTHING_TO_DO,
    /** Another process is compacting this stream. */
    BUSY
  }

  /** A run that did nothing. */
  public static CompactionReport without(Outcome outcome) {
    return new CompactionReport(outcome, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
