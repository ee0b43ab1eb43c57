package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.powersync.jakarta.config.ApiSettings;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.sync.StreamLimits;

/**
 * What the configuration says about the HTTP side, as its beans want it. With a configuration that
 * did not load only the probes answer, and say why.
 */
@ApplicationScoped
public class ApiOptionsProducer {
  private static final ApiOptions PROBES_ONLY =
      new ApiOptions(false, true, false, 1, 1, 1, StreamLimits.DEFAULT);

  @Inject private ServiceConfiguration configuration;

  @Produces
  @Singleton
  ApiOptions options() {
    return configuration.result() instanceof ConfigurationResult.Loaded loaded
        ? options(loaded.configuration())
        : PROBES_ONLY;
  }

  private static ApiOptions options(PowerSyncConfiguration configuration) {
    ApiSettings api = configuration.api();
    return new ApiOptions(
        configuration.runnerType().servesApi(),
        configuration.healthProbes().http(),
        configuration.runnerType().replicates() && configuration.source().isPresent(),
        api.maxConcurrentConnections(),
        api.maxStreamRequestSize(),
        api.maxDataFetchConcurrency(),
        new StreamLimits(api.maxBucketsPerConnection(), api.maxParameterQueryResults()));
  }
}
