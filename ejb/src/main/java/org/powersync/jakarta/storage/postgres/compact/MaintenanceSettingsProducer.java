package org.powersync.jakarta.storage.postgres.compact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;

/**
 * Settings of storage maintenance. The window is not a key of {@code powersync.yaml}, which other
 * implementations read too and might refuse: it is the environment variable {@code
 * POWERSYNC_COMPACTION_WINDOW}, for example {@code 02:00-05:30} (UTC), or the system property of
 * that name; unset means off.
 */
@ApplicationScoped
public class MaintenanceSettingsProducer {
  static final String WINDOW = "POWERSYNC_COMPACTION_WINDOW";

  private static final Logger LOG = Logger.getLogger(MaintenanceSettingsProducer.class.getName());

  @Inject private ServiceConfiguration configuration;

  @Produces
  @Singleton
  MaintenanceSettings settings() {
    return configuration.result() instanceof ConfigurationResult.Loaded loaded
        ? settings(loaded.configuration(), MaintenanceSettingsProducer::variable)
        : MaintenanceSettings.OFF;
  }

  static MaintenanceSettings settings(
      PowerSyncConfiguration configuration, UnaryOperator<String> environment) {
    return new MaintenanceSettings(
        configuration.runnerType().replicates(),
        window(environment.apply(WINDOW)),
        configuration.api().checkpointRequestRetention());
  }

  /** A window that cannot be read is no reason not to serve: compaction stays off, and says so. */
  static Optional<CompactionWindow> window(String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(CompactionWindow.parse(text));
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.SEVERE,
          "{0}: {1}; compaction does not run by itself",
          new Object[] {WINDOW, e.getMessage()});
      return Optional.empty();
    }
  }

  private static String variable(String name) {
    String property = System.getProperty(name);
    return property == null ? System.getenv(name) : property;
  }
}
