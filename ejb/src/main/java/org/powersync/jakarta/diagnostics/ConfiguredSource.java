package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Optional;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.config.SyncConfigSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;

/** The source as operators look at it; a service without one is allowed. */
@ApplicationScoped
public class ConfiguredSource {
  /** What is said where a source is needed and there is none. */
  public static final String MISSING = "No source connection is configured";

  private static final String DEFAULT_SCHEMA = "public";

  private final ServiceConfiguration configuration;
  private final Instance<SourceInspection> inspection;

  /** For the container's proxy only. */
  protected ConfiguredSource() {
    this(null, null);
  }

  @Inject
  public ConfiguredSource(
      ServiceConfiguration configuration, Instance<SourceInspection> inspection) {
    this.configuration = configuration;
    this.inspection = inspection;
  }

  /** The source; empty when none is configured. */
  public Optional<SourceInspection> get() {
    return configuration().flatMap(PowerSyncConfiguration::source).map(source -> inspection.get());
  }

  /**
   * The source.
   *
   * @throws PowerSyncException PSYNC_S2001 when none is configured
   */
  public SourceInspection require() {
    return get().orElseThrow(() -> new PowerSyncException(ErrorCode.PSYNC_S2001, MISSING));
  }

  /** Schema of unqualified table names. */
  public String defaultSchema() {
    return get().map(SourceInspection::defaultSchema).orElse(DEFAULT_SCHEMA);
  }

  /** Whether sync configs are deployed through the API. */
  public boolean deployable() {
    return configuration()
        .map(PowerSyncConfiguration::syncConfig)
        .map(SyncConfigSource::deployable)
        .orElse(false);
  }

  private Optional<PowerSyncConfiguration> configuration() {
    return configuration.result() instanceof ConfigurationResult.Loaded loaded
        ? Optional.of(loaded.configuration())
        : Optional.empty();
  }
}
