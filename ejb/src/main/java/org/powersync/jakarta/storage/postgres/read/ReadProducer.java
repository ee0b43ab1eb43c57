package org.powersync.jakarta.storage.postgres.read;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.powersync.jakarta.config.ApiSettings;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.connection.ConnectionOptions;
import org.powersync.jakarta.connection.PostgresConnections;
import org.powersync.jakarta.connection.ProductVersion;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.ReaderFactory;
import org.powersync.jakarta.storage.postgres.StorageResources;

/** Makes the reading side of the provider, as the configuration wants it. */
@ApplicationScoped
public class ReadProducer {
  @Inject private ServiceConfiguration configuration;
  @Inject private StorageResources resources;

  @Resource(lookup = "concurrent/powersyncThreads")
  private ManagedThreadFactory threads;

  private CheckpointWatch watch;

  @Produces
  @Singleton
  ReaderFactory readers() {
    CheckpointWatch shared = watch();
    Duration timeToLive =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? loaded.configuration().api().bucketCountCacheTtl()
            : ApiSettings.DEFAULT_BUCKET_COUNT_CACHE_TTL;
    return (all, stream) ->
        PostgresBucketReader.of(
            all.sql(),
            stream.id(),
            shared,
            all.commits(),
            timeToLive,
            InstantSource.system(),
            all.scheduler());
  }

  @Produces
  @Singleton
  WriteCheckpoints writeCheckpoints() {
    return new PostgresWriteCheckpoints(resources.sql());
  }

  private CheckpointWatch watch() {
    watch =
        new CheckpointWatch(
            resources.sql(),
            () ->
                new PostgresConnections(configuration.require().storage().connection())
                    .open(ConnectionOptions.named("powersync-storage/" + ProductVersion.text())),
            threads,
            PollInterval.of(System.getenv(PollInterval.VARIABLE)));
    resources.commits().listen(watch::told);
    return watch;
  }

  @PreDestroy
  void stop() {
    if (watch != null) {
      watch.close();
    }
  }
}
