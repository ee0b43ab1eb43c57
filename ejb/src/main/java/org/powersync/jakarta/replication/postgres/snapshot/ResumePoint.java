package org.powersync.jakarta.replication.postgres.snapshot;

/** Where a table copy can be resumed: everything before it is durable in storage. */
sealed interface ResumePoint permits SnapshotKey, BlockPosition {
  /** The form that storage keeps; opaque to it. */
  byte[] toBson();
}
