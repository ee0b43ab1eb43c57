package org.powersync.jakarta.storage.postgres;

import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** Opens writers. */
@FunctionalInterface
public interface WriterFactory {
  BucketWriter open(Target target, WriterOptions options);

  /**
   * What is written to.
   *
   * @param stillOwner whether the stream's lock is still held
   */
  record Target(
      StorageResources resources,
      ReplicationStream stream,
      DeployedSyncConfig config,
      SourceTables tables,
      SnapshotRecord snapshot,
      BooleanSupplier stillOwner) {}
}
