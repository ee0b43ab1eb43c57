package org.powersync.jakarta.storage.postgres.write;

/**
 * A PUT that follows from a row.
 *
 * @param json the synced columns in UTF-8; shared by all buckets of the row
 * @param checksum unsigned 32-bit
 */
record BucketPut(BucketRef ref, byte[] json, long checksum) {}
