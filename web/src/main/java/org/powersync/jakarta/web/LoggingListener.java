package org.powersync.jakarta.web;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.LoggingSettings;
import org.powersync.jakarta.config.ServiceConfiguration;

/** Puts {@code system.logging} of the configuration in force. */
@ApplicationScoped
public class LoggingListener {
  private static final Logger LOG = Logger.getLogger(LoggingListener.class.getName());
  private static final int REFRESH_SECONDS = 5;

  @Inject private ServiceConfiguration configuration;
  @Inject private StreamThreads threads;

  private LogOutput output;

  void start(@Observes Startup event) {
    if (configuration.result() instanceof ConfigurationResult.Loaded loaded) {
      LoggingSettings settings = loaded.configuration().logging();
      output = new LogOutput(settings, System.out);
      threads.every(REFRESH_SECONDS, TimeUnit.SECONDS, output::refresh);
      LOG.log(Level.INFO, "Log level: {0}", settings.level());
    }
  }

  @PreDestroy
  void stop() {
    if (output != null) {
      output.close();
    }
  }
}
