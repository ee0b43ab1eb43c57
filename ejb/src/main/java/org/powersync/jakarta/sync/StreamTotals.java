package org.powersync.jakarta.sync;

import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * What a stream sent in its life (sync API section 7.3). Immutable.
 *
 * @param operations by kind; all kinds are there
 * @param bytes of lines, before compression
 * @param largeBuckets the first of those that had more than {@value SentOperations#LARGE}
 *     operations in one line
 */
public record StreamTotals(Map<Kind, Long> operations, long bytes, List<BucketName> largeBuckets) {
  /** Of a stream that was never run. */
  public static final StreamTotals NONE = new SentOperations().totals();
}
