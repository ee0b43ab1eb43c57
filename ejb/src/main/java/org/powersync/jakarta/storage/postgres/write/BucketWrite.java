package org.powersync.jakarta.storage.postgres.write;

import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;

/**
 * An operation to be written to a bucket.
 *
 * @param json the row for a PUT, null for a REMOVE
 * @param checksum unsigned 32-bit
 */
record BucketWrite(RowKey row, BucketRef ref, byte[] json, long checksum) {
  boolean isPut() {
    return json != null;
  }

  /** The operation as readers see it. */
  BucketOperation operation(long id) {
    return new BucketOperation(
        id,
        isPut() ? BucketOperation.Kind.PUT : BucketOperation.Kind.REMOVE,
        ref.table(),
        ref.id(),
        ReplicaIds.subkey(row.tableId(), row.sourceKey()),
        checksum,
        json);
  }
}
