package org.powersync.jakarta.storage.postgres;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceMarks;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** Opens writers. */
@FunctionalInterface
public interface WriterFactory {
  BucketWriter open(Target target, WriterOptions options);

  /**
   * What is written to.
   *
   * @param marks where commits record the position of the source; empty = nowhere
   * @param stillOwner whether the stream's lock is still held
   */
  record Target(
      StorageResources resources,
      ReplicationStream stream,
      DeployedSyncConfig config,
      SourceTables tables,
      SnapshotRecord snapshot,
      Optional<SourceMarks> marks,
      BooleanSupplier stillOwner) {

    /** Without marks. */
    public Target(
        StorageResources resources,
        ReplicationStream stream,
        DeployedSyncConfig config,
        SourceTables tables,
        SnapshotRecord snapshot,
        BooleanSupplier stillOwner) {
      this(resources, stream, config, tables, snapshot, Optional.empty(), stillOwner);
    }
  }
}
