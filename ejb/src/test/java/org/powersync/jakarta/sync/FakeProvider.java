package org.powersync.jakarta.sync;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.SyncConfig;

/** A provider with one active stream in memory: what sync streams ask of it, and nothing else. */
final class FakeProvider implements BucketStorageProvider {
  private static final String NOTES =
      "bucket_definitions:\n  all_notes:\n    data:\n      - SELECT * FROM notes\n";

  private final DeployedSyncConfig config =
      SyncConfig.load(NOTES, "public")
          .config()
          .orElseThrow()
          .deployed(new BucketNaming(OptionalInt.of(1)));

  private Storage active;

  FakeProvider(LiveStorage storage) {
    activate(storage);
  }

  /** Another stream becomes the active one; those who watch the old one hear of it. */
  void activate(LiveStorage storage) {
    deactivate();
    int id = active == null ? 1 : active.stream.id().value() + 1;
    active = new Storage(id, storage);
  }

  void deactivate() {
    if (active != null) {
      active.storage.end();
      active = new Storage(active.stream.id().value(), null);
    }
  }

  private final class Storage implements BucketStorage {
    private final ReplicationStream stream;
    private final LiveStorage storage;

    private Storage(int id, LiveStorage storage) {
      this.storage = storage;
      this.stream =
          new ReplicationStream(
              new GroupId(id), "s" + id, StreamState.ACTIVE, 2, NOTES, Optional.empty());
    }

    @Override
    public ReplicationStream stream() {
      return stream;
    }

    @Override
    public DeployedSyncConfig syncConfig() {
      return config;
    }

    @Override
    public BucketReader reader() {
      return storage;
    }

    @Override
    public BucketWriter writer(WriterOptions options) {
      throw notNeeded();
    }

    @Override
    public StreamStatus status() {
      throw notNeeded();
    }

    @Override
    public void clear(BooleanSupplier aborted) {
      throw notNeeded();
    }

    @Override
    public void terminate(boolean clear, BooleanSupplier aborted) {
      throw notNeeded();
    }

    @Override
    public void reportError(Throwable error) {
      throw notNeeded();
    }
  }

  private static UnsupportedOperationException notNeeded() {
    return new UnsupportedOperationException("sync streams have no need of it");
  }

  @Override
  public Optional<ReplicationStream> active() {
    return active.storage == null ? Optional.empty() : Optional.of(active.stream);
  }

  @Override
  public BucketStorage storage(ReplicationStream stream) {
    return active;
  }

  @Override
  public WriteCheckpoints writeCheckpoints() {
    return active.storage;
  }

  @Override
  public ReplicationStream deploy(Deployment deployment) {
    throw notNeeded();
  }

  @Override
  public ConfigureResult configure(Deployment deployment) {
    throw notNeeded();
  }

  @Override
  public Optional<ReplicationStream> deploying() {
    throw notNeeded();
  }

  @Override
  public List<ReplicationStream> replicating() {
    throw notNeeded();
  }

  @Override
  public List<ReplicationStream> stopped() {
    throw notNeeded();
  }

  @Override
  public Optional<StreamStatus> status(GroupId stream) {
    throw notNeeded();
  }

  @Override
  public StreamLock lock(ReplicationStream stream) {
    throw notNeeded();
  }

  @Override
  public void restartReplication(GroupId stream) {
    throw notNeeded();
  }

  @Override
  public StorageMetrics metrics() {
    throw notNeeded();
  }

  @Override
  public String instanceId() {
    throw notNeeded();
  }

  @Override
  public SystemIdentifier systemIdentifier() {
    throw notNeeded();
  }
}
