package org.powersync.jakarta.storage.postgres.write;

/**
 * When a queue is flushed and when a transaction ends (storage sections 4, 5.3 and 5.4).
 *
 * @param maxRecordCount changes in a queue; rows of each kind in a transaction
 * @param maxEstimatedSize bytes written by a transaction, estimated
 * @param maxCurrentDataBatchSize bytes of source rows in a queue, and of stored copies in memory
 */
public record BatchLimits(int maxRecordCount, long maxEstimatedSize, long maxCurrentDataBatchSize) {
  public static final BatchLimits DEFAULT = new BatchLimits(2000, 5_000_000, 50_000_000);

  /**
   * A chunk of a copy becomes one transaction: its rows are in memory anyway, and the more of them
   * are written in key order at a time, the fewer index pages are touched twice.
   */
  private static final int COPY_ROWS_FACTOR = 10;

  private static final int COPY_BYTES_FACTOR = 4;

  public BatchLimits {
    if (maxRecordCount < 1 || maxEstimatedSize < 1 || maxCurrentDataBatchSize < 1) {
      throw new IllegalArgumentException(
          "batch limits must be positive: "
              + maxRecordCount
              + ", "
              + maxEstimatedSize
              + ", "
              + maxCurrentDataBatchSize);
    }
  }

  /** For copies, which nobody waits for: fewer and larger transactions. */
  BatchLimits forCopies() {
    return new BatchLimits(
        (int) Math.min(Integer.MAX_VALUE, (long) COPY_ROWS_FACTOR * maxRecordCount),
        Math.min(maxCurrentDataBatchSize, COPY_BYTES_FACTOR * maxEstimatedSize),
        maxCurrentDataBatchSize);
  }
}
