package org.powersync.jakarta.sync;

import java.util.List;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * A bucket at a checkpoint, as announced to one client (sync API section 3.6).
 *
 * @param priority 0 (most urgent) to 3
 */
public record BucketDescriptor(
    BucketName bucket, BucketChecksum checksum, int priority, List<BucketReason> reasons) {

  /** Whether the bucket certainly holds no operation. */
  boolean empty() {
    return checksum.equals(BucketChecksum.EMPTY);
  }
}
