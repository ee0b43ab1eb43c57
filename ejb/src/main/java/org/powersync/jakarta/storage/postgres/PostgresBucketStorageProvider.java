package org.powersync.jakarta.storage.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.lock.LockTable;
import org.powersync.jakarta.storage.postgres.migration.SchemaRemoval;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** The provider on PostgreSQL; each concern is a collaborator's. */
@ApplicationScoped
public class PostgresBucketStorageProvider implements BucketStorageProvider {
  /** Streams that are in use at once are few; storages of replaced ones are dropped in time. */
  private static final int KEPT_STORAGES = 16;

  private final StorageResources resources;
  private final StreamConfigs configs;
  private final WriterFactory writers;
  private final ReaderFactory readers;
  private final WriteCheckpoints writeCheckpoints;
  private final StreamDirectory directory;
  private final StreamDeployment deployment;
  private final StreamLocks locks;
  private final Installation installation;
  private final Map<GroupId, PostgresBucketStorage> storages =
      new LinkedHashMap<>(KEPT_STORAGES, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupId, PostgresBucketStorage> eldest) {
          return size() > KEPT_STORAGES;
        }
      };

  /** For the container's proxy only. */
  protected PostgresBucketStorageProvider() {
    resources = null;
    configs = null;
    writers = null;
    readers = null;
    writeCheckpoints = null;
    directory = null;
    deployment = null;
    locks = null;
    installation = null;
  }

  @Inject
  public PostgresBucketStorageProvider(
      StorageResources resources,
      ProviderSettings settings,
      StreamConfigs configs,
      WriterFactory writers,
      ReaderFactory readers,
      WriteCheckpoints writeCheckpoints) {
    this.resources = resources;
    this.configs = configs;
    this.writers = writers;
    this.readers = readers;
    this.writeCheckpoints = writeCheckpoints;
    SqlTransactions sql = resources.sql();
    LockTable lockTable = new LockTable(sql);
    this.directory = new StreamDirectory(resources.entities());
    this.deployment = new StreamDeployment(resources.entities(), sql, configs, settings);
    this.locks = new StreamLocks(lockTable, resources.scheduler());
    this.installation = new Installation(resources.entities(), sql, lockTable);
  }

  @Override
  public ReplicationStream deploy(Deployment wanted) {
    return deployment.deploy(wanted);
  }

  @Override
  public ConfigureResult configure(Deployment wanted) {
    return new ConfigureResult(deployment.configure(wanted));
  }

  @Override
  public Optional<ReplicationStream> active() {
    return directory.active();
  }

  @Override
  public Optional<ReplicationStream> deploying() {
    return directory.deploying();
  }

  @Override
  public List<ReplicationStream> replicating() {
    return directory.replicating();
  }

  @Override
  public List<ReplicationStream> stopped() {
    return directory.stopped();
  }

  @Override
  public Optional<StreamStatus> status(GroupId stream) {
    return directory.status(stream);
  }

  @Override
  public BucketStorage storage(ReplicationStream stream) {
    synchronized (storages) {
      PostgresBucketStorage known = storages.get(stream.id());
      if (known != null && known.refresh(stream)) {
        return known;
      }
      PostgresBucketStorage made =
          new PostgresBucketStorage(resources, configs, locks, writers, readers, stream);
      storages.put(stream.id(), made);
      return made;
    }
  }

  @Override
  public StreamLock lock(ReplicationStream stream) {
    return locks.lock(stream);
  }

  @Override
  public void restartReplication(GroupId stream) {
    deployment.restart(stream);
  }

  @Override
  public void skipOperationIds(long count) {
    installation.skipOperationIds(count);
  }

  @Override
  public WriteCheckpoints writeCheckpoints() {
    return writeCheckpoints;
  }

  @Override
  public StorageMetrics metrics() {
    return installation.metrics();
  }

  @Override
  public String instanceId() {
    return installation.instanceId();
  }

  @Override
  public void tearDown() {
    SchemaRemoval.run(resources.sql());
    installation.forget();
    synchronized (storages) {
      storages.clear();
    }
  }

  @Override
  public SystemIdentifier systemIdentifier() {
    return installation.systemIdentifier();
  }
}
