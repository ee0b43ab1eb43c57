package org.powersync.jakarta.replication.postgres;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.function.Supplier;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.config.SourceConnection;
import org.powersync.jakarta.connection.PostgresConnections;
import org.powersync.jakarta.connection.ProductVersion;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationSource;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.postgres.inspect.PostgresInspection;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourcePositions;

/**
 * The configured PostgreSQL source as beans: for the engine, and in every process its positions.
 */
@ApplicationScoped
public class PostgresSourceProducer implements SourcePositions {
  @Inject private ServiceConfiguration configuration;
  @Inject private BucketStorageProvider storage;
  @Resource private ManagedThreadFactory threads;

  private PostgresSourcePositions positions;

  /** The source to replicate; fails when none is configured. */
  @Produces
  @Dependent
  public ReplicationSource source() {
    BucketStorageProvider provider = storage;
    Supplier<BucketStorageProvider.SystemIdentifier> system = provider::systemIdentifier;
    return new PostgresSource(connections(), system, threads, options(required()));
  }

  /** The source as operators look at it; fails when none is configured. */
  @Produces
  @ApplicationScoped
  public SourceInspection inspection() {
    SourceConnection source = required();
    BucketStorageProvider provider = storage;
    return new PostgresInspection(
        connections(),
        provider::systemIdentifier,
        new PostgresInspection.Settings(source.id(), source.tag(), source.debugApi()));
  }

  /** Ends with the application. */
  void close(@Disposes SourceInspection inspection) {
    inspection.close();
  }

  @Override
  public Lsn head() {
    return positions().head();
  }

  @Override
  public void advance() {
    positions().advance();
  }

  private synchronized PostgresSourcePositions positions() {
    if (positions == null) {
      positions = new PostgresSourcePositions(connections());
    }
    return positions;
  }

  private SourceConnection required() {
    return configuration
        .require()
        .source()
        .orElseThrow(
            () ->
                new PowerSyncException(
                    ErrorCode.PSYNC_S1109,
                    "No source connection is configured; add one to replication.connections"));
  }

  private static SourceOptions options(SourceConnection source) {
    SourceOptions options = SourceOptions.DEFAULT.withTag(source.tag());
    if (source.maxPoolSize().isPresent()) {
      options = options.withMaxConnections(source.maxPoolSize().getAsInt());
    }
    return source.snapshotWorkers().isPresent()
        ? options.withSnapshotWorkers(source.snapshotWorkers().getAsInt())
        : options;
  }

  private SourceConnections connections() {
    SourceConnection source = required();
    return new SourceConnections(
        new PostgresConnections(source.connection()),
        "powersync/" + ProductVersion.text(),
        source.snapshotSocketTimeout());
  }

  @PreDestroy
  synchronized void close() {
    if (positions != null) {
      positions.close();
    }
  }
}
