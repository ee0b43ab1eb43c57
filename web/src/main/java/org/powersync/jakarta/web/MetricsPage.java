package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.connection.ProductVersion;
import org.powersync.jakarta.replication.ReplicationEngine;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Metric;
import org.powersync.jakarta.telemetry.MetricSource;
import org.powersync.jakarta.telemetry.PrometheusText;

/**
 * Everything this process measures, for Prometheus (sync API section 7.1). Answers from memory;
 * what needs a query is read now and then by {@link #refresh}. Safe for all threads.
 */
@ApplicationScoped
public class MetricsPage {
  private static final Logger LOG = Logger.getLogger(MetricsPage.class.getName());
  private static final String UNKNOWN = "unknown";
  private static final String POSTGRES = "postgresql";

  @Inject private ServiceConfiguration configuration;
  @Inject private Counters counters;
  @Inject private ReplicationEngine replication;
  @Inject private BucketStorageProvider storage;
  @Inject private Instance<MetricSource> sources;

  private volatile List<Metric> storageSizes = List.of();
  private volatile String instanceId = UNKNOWN;
  private volatile boolean storageReady;

  /** From now on storage can be asked. */
  void storageReady() {
    storageReady = true;
  }

  /** Reads what needs storage; keeps what was read before when that fails. */
  void refresh() {
    if (!storageReady) {
      return;
    }
    try {
      if (instanceId.equals(UNKNOWN)) {
        instanceId = storage.instanceId();
      }
      storageSizes = sizes(storage.metrics());
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "Storage could not be measured", e);
    }
  }

  private static List<Metric> sizes(BucketStorageProvider.StorageMetrics sizes) {
    return List.of(
        Metric.gauge(
            "powersync_replication_storage_size_bytes",
            "Size of current rows in storage",
            "bytes",
            sizes.replicationBytes()),
        Metric.gauge(
            "powersync_operation_storage_size_bytes",
            "Size of bucket operations in storage",
            "bytes",
            sizes.operationBytes()),
        Metric.gauge(
            "powersync_parameter_storage_size_bytes",
            "Size of parameter entries in storage",
            "bytes",
            sizes.parameterBytes()));
  }

  /** The page now. */
  String text() {
    PrometheusText page = new PrometheusText();
    if (configuration.result() instanceof ConfigurationResult.Loaded loaded) {
      write(loaded.configuration(), page);
    }
    return page.toString();
  }

  private void write(PowerSyncConfiguration configured, PrometheusText page) {
    page.target(target(configured));
    if (configured.runnerType().servesApi()) {
      page.metrics(counters.metrics(Counters.Group.API)).timings(counters, Counters.Group.API);
    }
    if (configured.runnerType().replicates()) {
      List<Metric> figures = new ArrayList<>(counters.metrics(Counters.Group.REPLICATION));
      lag()
          .ifPresent(
              seconds ->
                  figures.add(
                      Metric.gauge(
                          "powersync_replication_lag_seconds",
                          "Greatest replication lag of the last 30 s",
                          "seconds",
                          seconds)));
      page.metrics(figures).timings(counters, Counters.Group.REPLICATION).metrics(storageSizes);
      sources.forEach(source -> page.metrics(source.metrics()));
    }
  }

  private OptionalLong lag() {
    if (!replication.started()) {
      return OptionalLong.empty();
    }
    return replication.status().streams().stream()
        .map(ReplicationStatus.Stream::lagSeconds)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .max();
  }

  private Map<String, String> target(PowerSyncConfiguration configured) {
    Map<String, String> target = new LinkedHashMap<>();
    target.put("service", "PowerSync");
    target.put("service_version", ProductVersion.text());
    target.put("source_type", configured.source().isPresent() ? POSTGRES : UNKNOWN);
    target.put("storage_type", POSTGRES);
    target.put("instance_id", instanceId);
    return target;
  }
}
