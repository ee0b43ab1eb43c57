package org.powersync.jakarta.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.connection.document.ConfigurationProblem;

/**
 * Everything the operator configured, validated, with defaults filled in. Immutable.
 *
 * @param source absent = the API answers and nothing is replicated
 * @param port that the configuration names; the server's listener has its own setting
 * @param exitOnSyncConfigError whether an invalid configured sync config ends the process
 * @param autoMigration whether the storage schema is migrated at start
 * @param metadata tags of error reports
 * @param parameters global values for sync configs: Double, String, Boolean or null
 * @param warnings what the operator should look at although the service can run
 */
public record PowerSyncConfiguration(
    RunnerType runnerType,
    Optional<SourceConnection> source,
    StorageSettings storage,
    int port,
    SyncConfigSource syncConfig,
    boolean exitOnSyncConfigError,
    ClientAuth clientAuth,
    ApiSettings api,
    TelemetrySettings telemetry,
    HealthProbes healthProbes,
    LoggingSettings logging,
    boolean autoMigration,
    Map<String, String> metadata,
    Map<String, Object> parameters,
    List<ConfigurationProblem> warnings) {
  public PowerSyncConfiguration {
    metadata = Map.copyOf(metadata);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    warnings = List.copyOf(warnings);
  }
}
