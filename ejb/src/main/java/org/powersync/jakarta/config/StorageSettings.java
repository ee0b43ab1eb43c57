package org.powersync.jakarta.config;

import org.powersync.jakarta.connection.ConnectionSettings;

/**
 * The PostgreSQL that holds the buckets (configuration section 5).
 *
 * @param maxPoolSize connections of this process, 8 by default
 * @param defaultStorageVersion 2 or 3, for sync configs that name none
 */
public record StorageSettings(
    ConnectionSettings connection,
    String slotNamePrefix,
    int maxPoolSize,
    int defaultStorageVersion,
    BatchLimits batchLimits) {
  public static final int DEFAULT_MAX_POOL_SIZE = 8;
  public static final int DEFAULT_STORAGE_VERSION = 2;

  /**
   * How much one flush writes.
   *
   * @param maxEstimatedSize bytes of operations per transaction
   * @param maxRecordCount records per transaction
   * @param maxCurrentDataBatchSize bytes of current-data rows looked up at a time
   */
  public record BatchLimits(int maxEstimatedSize, int maxRecordCount, int maxCurrentDataBatchSize) {
    public static final BatchLimits DEFAULT = new BatchLimits(5_000_000, 2_000, 50_000_000);
  }
}
