package org.powersync.jakarta.storage;

/**
 * The sum of a bucket's operation checksums up to a checkpoint.
 *
 * @param checksum modulo 2³², signed reading
 * @param count operations; informational, may be stale after compaction
 */
public record BucketChecksum(int checksum, long count) {
  public static final BucketChecksum EMPTY = new BucketChecksum(0, 0);
}
