package org.powersync.jakarta.storage.postgres;

import jakarta.persistence.EntityManager;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.SourceMark;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.entity.StreamRow;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceMarks;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/**
 * One stream on PostgreSQL. Loads its config and makes its reader at first use, then keeps them.
 */
final class PostgresBucketStorage implements BucketStorage {
  private static final String UNNAMED_FAILURE = "Replication failure";

  private final StorageResources resources;
  private final StreamConfigs configs;
  private final StreamLocks locks;
  private final WriterFactory writers;
  private final ReaderFactory readers;
  private final Object loading = new Object();
  private final SourceMarks marks;
  private volatile ReplicationStream stream;
  private volatile DeployedSyncConfig config;
  private volatile BucketReader reader;

  PostgresBucketStorage(
      StorageResources resources,
      StreamConfigs configs,
      StreamLocks locks,
      WriterFactory writers,
      ReaderFactory readers,
      ReplicationStream stream) {
    StorageVersions.supported(stream.storageVersion());
    this.resources = resources;
    this.configs = configs;
    this.locks = locks;
    this.writers = writers;
    this.readers = readers;
    this.stream = stream;
    this.marks = new SourceMarks(resources.sql(), stream.name());
  }

  @Override
  public ReplicationStream stream() {
    return stream;
  }

  /** Takes over a newer reading of the same row; false when that describes another config. */
  boolean refresh(ReplicationStream read) {
    boolean same =
        read.id().equals(stream.id())
            && read.content().equals(stream.content())
            && read.storageVersion() == stream.storageVersion();
    if (same) {
      stream = read;
    }
    return same;
  }

  @Override
  public DeployedSyncConfig syncConfig() {
    DeployedSyncConfig loaded = config;
    if (loaded == null) {
      synchronized (loading) {
        loaded = config;
        if (loaded == null) {
          loaded = configs.deployed(stream);
          config = loaded;
        }
      }
    }
    return loaded;
  }

  @Override
  public BucketWriter writer(WriterOptions options) {
    return writers.open(
        new WriterFactory.Target(
            resources,
            stream,
            syncConfig(),
            new SourceTables(stream.id(), resources.entities(), this::syncConfig),
            new SnapshotRecord(resources.sql(), stream.id()),
            Optional.of(marks),
            locks.ownership(stream.id())),
        options);
  }

  @Override
  public BucketReader reader() {
    BucketReader made = reader;
    if (made == null) {
      synchronized (loading) {
        made = reader;
        if (made == null) {
          made = readers.reader(resources, stream);
          reader = made;
        }
      }
    }
    return made;
  }

  @Override
  public WriteCheckpoints customWriteCheckpoints() {
    return new CustomWriteCheckpoints(resources.sql(), stream.id());
  }

  @Override
  public StreamStatus status() {
    return resources
        .entities()
        .call("read the status of a stream", entities -> row(entities).status());
  }

  @Override
  public void clear(BooleanSupplier aborted) {
    Clearing.stopIf(aborted);
    change("reset a stream", StreamRow::forgetProgress);
    marks.forget();
    new Clearing(resources.sql(), stream.id(), stream.storageVersion()).run(aborted);
    PrivateTables.forget(resources.sql(), stream.name());
  }

  @Override
  public void terminate(boolean clear, BooleanSupplier aborted) {
    if (clear) {
      clear(aborted);
    }
    change("terminate a stream", StreamRow::terminate);
  }

  @Override
  public void reportError(Throwable error) {
    String message = error.getMessage();
    change(
        "store the failure of a stream",
        row -> row.reportError(message == null || message.isBlank() ? UNNAMED_FAILURE : message));
  }

  @Override
  public Optional<SourceMark> sourceMark() {
    return marks.read();
  }

  @Override
  public void recordPosition(Lsn position) {
    marks.record(position);
  }

  @Override
  public void recordOrigin(SourceMark.Origin origin) {
    marks.recordOrigin(origin);
  }

  private void change(String doing, Consumer<StreamRow> change) {
    resources.entities().run(doing, entities -> change.accept(row(entities)));
  }

  private StreamRow row(EntityManager entities) {
    StreamRow row = entities.find(StreamRow.class, stream.id().value());
    if (row == null) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1101, "The replication stream has no row in storage any more")
          .with("stream", stream.id());
    }
    return row;
  }
}
