package org.powersync.jakarta.web;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.Optional;
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

  private Optional<LogOutput> output = Optional.empty();

  void start(@Observes Startup event) {
    if (configuration.result() instanceof ConfigurationResult.Loaded loaded) {
      LoggingSettings settings = loaded.configuration().logging();
      output = LogOutput.of(settings, System.out);
      output
          .filter(LogOutput::setsLevels)
          .ifPresent(levels -> threads.every(REFRESH_SECONDS, TimeUnit.SECONDS, levels::refresh));
      LOG.log(Level.INFO, "Log level: {0}", settings.level().orElse("that of the server"));
    }
  }

  @PreDestroy
  void stop() {
    output.ifPresent(LogOutput::close);
  }
}
