package org.powersync.jakarta.syncconfig;

/**
 * A row's place in one bucket.
 *
 * @param bucket the bucket
 * @param table the object type that clients see
 * @param id the object id that clients see; may be empty text
 * @param data the synced columns
 */
public record BucketRow(BucketName bucket, String table, String id, OutputRow data) {}
