package org.powersync.jakarta.storage;

import org.powersync.jakarta.syncconfig.BucketName;

/** A bucket and the last operation already known of it. */
public record BucketPosition(BucketName bucket, OpId after) {}
