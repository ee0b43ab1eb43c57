package org.powersync.jakarta.storage;

/**
 * An operation of a bucket as stored.
 *
 * @param objectType null for MOVE and CLEAR, as are id and subkey
 * @param checksum unsigned 32-bit; for CLEAR the signed sum as stored
 * @param data row JSON in UTF-8, PUT only, else null; not to be changed
 */
public record BucketOperation(
    long opId,
    Kind kind,
    String objectType,
    String objectId,
    String subkey,
    long checksum,
    byte[] data) {
  /** What an operation does to a client's copy of the bucket. */
  public enum Kind {
    PUT,
    REMOVE,
    MOVE,
    CLEAR
  }
}
