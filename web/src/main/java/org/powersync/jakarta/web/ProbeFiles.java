package org.powersync.jakarta.web;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;

/**
 * The probes as files in {@code .probes/} under the working directory: {@code startup} and {@code
 * ready} while they are so, {@code poll} rewritten at every sign of life (configuration section
 * 10). A file that cannot be written is no failure.
 */
@ApplicationScoped
public class ProbeFiles {
  private static final Logger LOG = Logger.getLogger(ProbeFiles.class.getName());

  @Inject private ServiceConfiguration configuration;
  @Inject private ProbeState state;
  @Inject private StreamThreads threads;

  private final Path folder = Path.of(".probes");
  private ScheduledFuture<?> writing;
  private boolean ready;
  private boolean started;
  private Instant touched = Instant.EPOCH;

  void start(@Observes Startup event) {
    if (configuration.result() instanceof ConfigurationResult.Loaded loaded
        && loaded.configuration().healthProbes().files()) {
      writing = threads.every(1, TimeUnit.SECONDS, this::write);
    }
  }

  private void write() {
    ProbeState.Snapshot now = state.snapshot();
    try {
      Files.createDirectories(folder);
      if (now.started() && !started) {
        write("startup");
        started = true;
      }
      if (now.ready() && !ready) {
        write("ready");
      } else if (!now.ready() && ready) {
        Files.deleteIfExists(folder.resolve("ready"));
      }
      ready = now.ready();
      if (!now.touchedAt().equals(touched)) {
        write("poll");
        touched = now.touchedAt();
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "A probe file could not be written", e);
    }
  }

  private void write(String name) throws IOException {
    Files.writeString(folder.resolve(name), Long.toString(System.currentTimeMillis()));
  }

  @PreDestroy
  void stop() {
    if (writing != null) {
      writing.cancel(false);
    }
  }
}
