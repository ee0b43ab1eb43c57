package org.powersync.jakarta.storage.postgres.write;

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
}
