package org.powersync.jakarta.storage.postgres.write;

/** A row's place in a bucket as stored with the row: what to REMOVE when it leaves. */
record BucketRef(String bucket, String table, String id) {}
