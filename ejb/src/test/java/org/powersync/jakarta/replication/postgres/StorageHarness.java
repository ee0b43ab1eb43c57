package org.powersync.jakarta.replication.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.TextConfigs;
import org.powersync.jakarta.storage.postgres.WriterFactory;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;

/** Bucket storage as it is, in a database of its own, without a container. */
final class StorageHarness implements AutoCloseable {
  private static final int POOL_SIZE = 8;
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(1);

  final Database database;
  private final List<RowEvent> events = new CopyOnWriteArrayList<>();
  final RowFailures failures = new RowFailures();
  private final String slotPrefix;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final ExecutorService evaluators = Executors.newFixedThreadPool(2);
  private final HikariDataSource pool;
  private final LocalEntityTransactions entities;
  private final StorageResources resources;
  private final PostgresBucketStorageProvider provider;

  StorageHarness() {
    this(TestPostgres.forStorage().createDatabase("engine_storage"));
  }

  StorageHarness(Database database) {
    this(database, database.name() + "_");
  }

  /**
   * @param slotPrefix databases of one server share the names of slots
   */
  StorageHarness(Database database, String slotPrefix) {
    this.database = database;
    this.slotPrefix = slotPrefix;
    new SchemaMigration(database.dataSource()).migrate();
    pool = pool(database);
    entities = new LocalEntityTransactions(pool);
    resources = new StorageResources(pool, entities, scheduler);
    provider =
        new PostgresBucketStorageProvider(
            resources,
            new ProviderSettings(2, slotPrefix(), true),
            new TextConfigs(),
            this::writer,
            (resources, stream) -> {
              throw new UnsupportedOperationException("no reader");
            },
            null);
  }

  /** As a server has one: with a connection for each transaction most of the time goes there. */
  private static HikariDataSource pool(Database database) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** Told so far. */
  List<RowEvent> events() {
    return List.copyOf(events);
  }

  private BucketWriter writer(WriterFactory.Target target, WriterOptions options) {
    return new PostgresBucketWriter(
        target,
        options.withOnEvent(events::add).withOnFailure(failures::add),
        BatchLimits.DEFAULT,
        evaluators);
  }

  /** Compacts what is stored. */
  Compaction compaction() {
    return new PostgresCompaction(resources);
  }

  /** Forgets the connections of a server that was restarted; none of them may be in use. */
  void forgetConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  BucketStorageProvider provider() {
    return provider;
  }

  String slotPrefix() {
    return slotPrefix;
  }

  @Override
  public void close() {
    entities.close();
    scheduler.shutdownNow();
    evaluators.shutdownNow();
    pool.close();
  }
}
