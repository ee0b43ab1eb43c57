package org.powersync.jakarta.storage.postgres;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.config.StorageSettings;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;

/**
 * What the configuration says about storage, as the provider's beans want it. With a configuration
 * that did not load there are defaults: storage then reports why it cannot be reached.
 */
@ApplicationScoped
public class SettingsProducer {
  @Inject private ServiceConfiguration configuration;

  @Inject private Event<RowEvent> events;

  @Resource(lookup = "concurrent/powersyncThreads")
  private ManagedThreadFactory threads;

  private ExecutorService evaluation;

  @PostConstruct
  void start() {
    evaluation = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), threads);
  }

  @PreDestroy
  void stop() {
    evaluation.shutdownNow();
  }

  @Produces
  @Singleton
  ProviderSettings settings() {
    return configuration.result() instanceof ConfigurationResult.Loaded loaded
        ? settings(loaded.configuration())
        : ProviderSettings.DEFAULT;
  }

  @Produces
  @Singleton
  RowFailures rowFailures() {
    return new RowFailures();
  }

  @Produces
  @Singleton
  WriterFactory writers(RowFailures failures) {
    StorageSettings.BatchLimits limits =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? loaded.configuration().storage().batchLimits()
            : StorageSettings.BatchLimits.DEFAULT;
    BatchLimits bounds =
        new BatchLimits(
            limits.maxRecordCount(), limits.maxEstimatedSize(), limits.maxCurrentDataBatchSize());
    return (target, options) ->
        new PostgresBucketWriter(
            target,
            options
                .withOnEvent(options.onEvent().andThen(events::fire))
                .withOnFailure(options.onFailure().andThen(failures::add)),
            bounds,
            evaluation);
  }

  private static ProviderSettings settings(PowerSyncConfiguration configuration) {
    return new ProviderSettings(
        configuration.storage().defaultStorageVersion(),
        configuration
            .source()
            .map(source -> source.slotNamePrefix())
            .orElse(ProviderSettings.DEFAULT.slotNamePrefix()),
        configuration.autoMigration());
  }
}
