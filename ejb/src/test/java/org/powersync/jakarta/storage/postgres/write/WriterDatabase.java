package org.powersync.jakarta.storage.postgres.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.WriterFactory;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.migration.VersionThreeTable;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TableName;

/** A migrated database with one deployed stream, and what its tables hold. */
public final class WriterDatabase implements AutoCloseable {
  public static final String TABLE_ID = "6544e3899293153fa7b38331";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OwnCommits commits = new OwnCommits();
  private final Database database = TestPostgres.shared().createDatabase("writer");
  private final LocalEntityTransactions entities =
      new LocalEntityTransactions(database.dataSource());
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final int storageVersion;
  private final Connection connection;

  public WriterDatabase(int storageVersion) {
    this.storageVersion = storageVersion;
    new SchemaMigration(database.dataSource()).migrate();
    if (storageVersion == 3) {
      VersionThreeTable.create(new SqlTransactions(database.dataSource()));
    }
    deploy(1);
    try {
      connection = database.connect();
      try (Statement statement = connection.createStatement()) {
        statement.execute("LISTEN powersynccheckpoints");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Database database() {
    return database;
  }

  public int storageVersion() {
    return storageVersion;
  }

  /** Adds a stream in state PROCESSING. */
  public void deploy(int id) {
    database.execute(
        """
        INSERT INTO powersync.sync_rules (id, state, slot_name, content, storage_version)
        VALUES (%d, 'PROCESSING', 'test_%d_0000', '', %d)"""
            .formatted(id, id, storageVersion));
  }

  public StorageResources resources() {
    return new StorageResources(database.dataSource(), entities, scheduler, commits);
  }

  public ReplicationStream stream() {
    return new ReplicationStream(
        new GroupId(1),
        "test_1_0000",
        StreamState.PROCESSING,
        storageVersion,
        "",
        Optional.empty());
  }

  public PostgresBucketWriter writer(DeployedSyncConfig config) {
    return writer(config, WriterOptions.streaming(), BatchLimits.DEFAULT);
  }

  public PostgresBucketWriter writer(
      DeployedSyncConfig config, WriterOptions options, BatchLimits limits) {
    return writer(config, options, limits, resources(), () -> true);
  }

  /** A writer that writes nothing more once it does not own the stream. */
  public PostgresBucketWriter writer(DeployedSyncConfig config, BooleanSupplier stillOwner) {
    return writer(config, WriterOptions.streaming(), BatchLimits.DEFAULT, resources(), stillOwner);
  }

  private PostgresBucketWriter writer(
      DeployedSyncConfig config,
      WriterOptions options,
      BatchLimits limits,
      StorageResources resources,
      BooleanSupplier stillOwner) {
    WriterFactory.Target target =
        new WriterFactory.Target(
            resources,
            stream(),
            config,
            new SourceTables(stream().id(), entities, () -> config),
            new SnapshotRecord(resources.sql(), stream().id()),
            stillOwner);
    return new PostgresBucketWriter(target, options, limits, Runnable::run);
  }

  /** The stream's storage, which knows no config and reads nothing. */
  public BucketStorage storage() {
    return new PostgresBucketStorageProvider(
            resources(), ProviderSettings.DEFAULT, null, null, null, null)
        .storage(stream());
  }

  /** A writer whose statements are counted. */
  public PostgresBucketWriter writer(DeployedSyncConfig config, CountingDataSource counting) {
    return writer(
        config,
        WriterOptions.streaming(),
        BatchLimits.DEFAULT,
        new StorageResources(counting.counted(), entities, scheduler),
        () -> true);
  }

  /** A source table record that feeds data. */
  public static SourceTable dataTable(String name) {
    return table(TABLE_ID, name, true, false);
  }

  public static SourceTable table(String id, String name, boolean data, boolean parameters) {
    return new SourceTable(
        id,
        TableName.of("public", name),
        OptionalLong.empty(),
        List.of(new IdentityColumn("id", Optional.of("VARCHAR"), OptionalInt.of(25))),
        true,
        SnapshotProgress.NONE,
        true,
        data,
        parameters,
        false);
  }

  /** Stores a source table's record under its own id. */
  public void insertSourceTable(SourceTable table, long objectId) {
    database.execute(
        """
        INSERT INTO powersync.source_tables
          (id, group_id, connection_id, relation_id, schema_name, table_name, replica_id_columns)
        VALUES ('%s', 1, 1, '{"object_id": %d}', '%s', '%s',
          '[{"name": "id", "type": "VARCHAR", "type_oid": 25}]')"""
            .formatted(table.id(), objectId, table.table().schema(), table.table().name()));
  }

  /** All snapshots done, no checkpoint below this position. */
  public void snapshotsDone(String barrier) {
    database.execute(
        """
        UPDATE powersync.sync_rules
           SET snapshot_done = true, no_checkpoint_before = '%s', last_keepalive_ts = now()"""
            .formatted(barrier));
  }

  /** A query's rows as JSON objects. */
  public JsonNode rows(String select) {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT coalesce(json_agg(t), '[]')::text FROM (" + select + ") AS t")) {
      result.next();
      return JSON.readTree(result.getString(1));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Operations as {@code "1 PUT test1 2871785649"}, in order. */
  public List<String> operations() {
    List<String> operations = new ArrayList<>();
    for (JsonNode row :
        rows("SELECT op_id, op, row_id, checksum FROM powersync.bucket_data ORDER BY op_id")) {
      operations.add(
          "%s %s %s %s"
              .formatted(
                  row.get("op_id").asText(),
                  row.get("op").asText(),
                  row.get("row_id").asText(),
                  row.get("checksum").asText()));
    }
    return operations;
  }

  /** The stream's own row. */
  public JsonNode streamRow() {
    return rows("SELECT * FROM powersync.sync_rules WHERE id = 1").get(0);
  }

  /** Payloads of notifications since the last call. */
  public List<String> notifications() {
    List<String> payloads = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      PGNotification[] received = connection.unwrap(PGConnection.class).getNotifications();
      for (PGNotification notification : received == null ? new PGNotification[0] : received) {
        payloads.add(notification.getParameter());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return payloads;
  }

  @Override
  public void close() throws SQLException {
    entities.close();
    scheduler.shutdownNow();
    connection.close();
  }
}
