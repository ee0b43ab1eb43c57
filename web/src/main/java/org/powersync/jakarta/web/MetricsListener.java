package org.powersync.jakarta.web;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.storage.StorageReady;

/** Opens the metrics listener when the configuration names a port for it. */
@ApplicationScoped
public class MetricsListener {
  private static final Logger LOG = Logger.getLogger(MetricsListener.class.getName());
  private static final int THREADS = 3;
  private static final int REFRESH_SECONDS = 60;

  @Inject private ServiceConfiguration configuration;
  @Inject private MetricsPage page;
  @Inject private StreamThreads threads;

  private MetricsServer server;

  void start(@Observes Startup event) {
    OptionalInt port =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? loaded.configuration().telemetry().prometheusPort()
            : OptionalInt.empty();
    if (port.isEmpty()) {
      return;
    }
    try {
      server = new MetricsServer(port.getAsInt(), threads.pooled(THREADS), page::text);
      threads.every(
          REFRESH_SECONDS, TimeUnit.SECONDS, () -> threads.background().execute(page::refresh));
      LOG.log(Level.INFO, "Metrics are at /metrics on port {0}", server.port());
    } catch (IOException e) {
      LOG.log(
          Level.SEVERE,
          "No metrics: telemetry.prometheus_port {0} cannot be opened; choose a free port",
          port.getAsInt());
    }
  }

  /** Before, there may be no tables to look at. */
  void storageReady(@Observes StorageReady ready) {
    page.storageReady();
    threads.background().execute(page::refresh);
  }

  @PreDestroy
  void stop() {
    if (server != null) {
      server.close();
    }
  }
}
