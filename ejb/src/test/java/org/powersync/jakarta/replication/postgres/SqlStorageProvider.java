package org.powersync.jakarta.replication.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.lock.LockTable;
import org.powersync.jakarta.storage.postgres.lock.StreamLease;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.migration.VersionThreeTable;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.WriterFactory;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.SyncConfig;

/** The real schema, locks and writer behind a provider that has only what replication asks for. */
final class SqlStorageProvider implements BucketStorageProvider, AutoCloseable {
  final Database database;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final LocalEntityTransactions entities;
  private final ExecutorService evaluators = Executors.newFixedThreadPool(2);
  private final Map<GroupId, BucketStorage> storages = new ConcurrentHashMap<>();

  SqlStorageProvider(Database database) {
    this.database = database;
    new SchemaMigration(database.dataSource()).migrate();
    entities = new LocalEntityTransactions(database.dataSource());
    VersionThreeTable.create(new SqlTransactions(database.dataSource()));
  }

  @Override
  public ReplicationStream deploy(Deployment deployment) {
    update("UPDATE powersync.sync_rules SET state = 'STOP' WHERE state = 'PROCESSING'");
    update(
        """
        INSERT INTO powersync.sync_rules (id, state, slot_name, content, storage_version)
        SELECT n, 'PROCESSING', 'ps_' || current_database() || '_' || n, ?, 3
        FROM nextval('powersync.sync_rules_id_sequence') n\
        """,
        deployment.content());
    return deploying().orElseThrow();
  }

  @Override
  public ConfigureResult configure(Deployment deployment) {
    Optional<ReplicationStream> newest = deploying().or(this::active);
    boolean same = newest.filter(s -> s.content().equals(deployment.content())).isPresent();
    return new ConfigureResult(same ? Optional.empty() : Optional.of(deploy(deployment)));
  }

  @Override
  public Optional<ReplicationStream> active() {
    return streams("state IN ('ACTIVE', 'ERRORED') ORDER BY id DESC").stream().findFirst();
  }

  @Override
  public Optional<ReplicationStream> deploying() {
    return streams("state = 'PROCESSING' ORDER BY id DESC").stream().findFirst();
  }

  @Override
  public List<ReplicationStream> replicating() {
    return streams("state IN ('ACTIVE', 'PROCESSING')");
  }

  @Override
  public List<ReplicationStream> stopped() {
    return streams("state = 'STOP'");
  }

  private List<ReplicationStream> streams(String condition) {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT id, slot_name, state, content FROM powersync.sync_rules WHERE "
                    + condition);
        ResultSet row = statement.executeQuery()) {
      List<ReplicationStream> streams = new ArrayList<>();
      while (row.next()) {
        streams.add(
            new ReplicationStream(
                new GroupId(row.getInt(1)),
                row.getString(2),
                StreamState.valueOf(row.getString(3)),
                3,
                row.getString(4),
                Optional.empty()));
      }
      return streams;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void update(String sql, Object... values) {
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<StreamStatus> status(GroupId stream) {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT state, snapshot_done, last_checkpoint, last_checkpoint_lsn,"
                    + " no_checkpoint_before FROM powersync.sync_rules WHERE id = "
                    + stream);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      Optional<Lsn> lsn = Optional.ofNullable(row.getString(4)).map(Lsn::new);
      return Optional.of(
          new StreamStatus(
              stream,
              StreamState.valueOf(row.getString(1)),
              row.getBoolean(2),
              Optional.ofNullable(row.getString(3)).map(OpId::parse),
              lsn,
              lsn,
              Optional.ofNullable(row.getString(5)).map(Lsn::new),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public BucketStorage storage(ReplicationStream stream) {
    return storages.computeIfAbsent(stream.id(), id -> new Storage(stream));
  }

  @Override
  public StreamLock lock(ReplicationStream stream) {
    return StreamLease.acquire(
            new LockTable(new SqlTransactions(database.dataSource())),
            scheduler,
            "sync_rules_" + stream.id() + "_" + stream.name())
        .orElseThrow(() -> new PowerSyncException(ErrorCode.PSYNC_S1003, "locked"));
  }

  @Override
  public void restartReplication(GroupId stream) {
    ReplicationStream failed = streams("id = " + stream).get(0);
    if (deploying().isEmpty() || failed.state() == StreamState.PROCESSING) {
      deploy(Deployment.of(failed.content()));
    }
    update(
        "UPDATE powersync.sync_rules SET state = 'ERRORED' WHERE state = 'ACTIVE' AND id = "
            + stream);
  }

  @Override
  public WriteCheckpoints writeCheckpoints() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StorageMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String instanceId() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SystemIdentifier systemIdentifier() {
    return new SystemIdentifier("elsewhere", database.name());
  }

  @Override
  public void close() {
    entities.close();
    scheduler.shutdownNow();
    scheduler.shutdownNow();
    evaluators.shutdownNow();
  }

  private final class Storage implements BucketStorage {
    private final ReplicationStream stream;
    private final DeployedSyncConfig config;

    Storage(ReplicationStream stream) {
      this.stream = stream;
      this.config =
          SyncConfig.load(stream.content(), "public")
              .config()
              .orElseThrow()
              .deployed(BucketNaming.versioned(stream.id().value()));
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
    public BucketWriter writer(WriterOptions options) {
      StorageResources resources =
          new StorageResources(database.dataSource(), entities, scheduler);
      return new PostgresBucketWriter(
          new WriterFactory.Target(
              resources,
              stream,
              config,
              new SourceTables(stream.id(), entities, () -> config),
              new SnapshotRecord(resources.sql(), stream.id()),
              () -> true),
          options,
          BatchLimits.DEFAULT,
          evaluators);
    }

    @Override
    public BucketReader reader() {
      throw new UnsupportedOperationException();
    }

    @Override
    public StreamStatus status() {
      return SqlStorageProvider.this.status(stream.id()).orElseThrow();
    }

    @Override
    public void clear(BooleanSupplier aborted) {
      for (String table :
          new String[] {"bucket_data", "bucket_parameters", "v3_current_data", "source_tables"}) {
        update("DELETE FROM powersync." + table + " WHERE group_id = " + stream.id());
      }
      update(
          "UPDATE powersync.sync_rules SET snapshot_done = false, last_checkpoint = NULL,"
              + " last_checkpoint_lsn = NULL, no_checkpoint_before = NULL WHERE id = "
              + stream.id());
    }

    @Override
    public void terminate(boolean clear, BooleanSupplier aborted) {
      clear(aborted);
      update("UPDATE powersync.sync_rules SET state = 'TERMINATED' WHERE id = " + stream.id());
    }

    @Override
    public void reportError(Throwable error) {
      update(
          "UPDATE powersync.sync_rules SET last_fatal_error = ? WHERE id = " + stream.id(),
          error.getMessage());
    }
  }
}
