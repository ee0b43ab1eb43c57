package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.powersync.jakarta.auth.ApiTokens;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;

/**
 * Lets operators at the admin routes. Without a configuration, or with one that names no tokens,
 * nobody is let in. Safe for all threads.
 */
@ApplicationScoped
public class OperatorTokens {
  @Inject private ServiceConfiguration configuration;

  private ApiTokens tokens;

  @PostConstruct
  void start() {
    tokens =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? new ApiTokens(loaded.configuration().api().tokens())
            : new ApiTokens(List.of());
  }

  /**
   * Lets the bearer of an API token pass.
   *
   * @param authorization the header as it came, or null
   * @throws org.powersync.jakarta.error.PowerSyncException PSYNC_S2101, answered 401
   */
  public void check(String authorization) {
    tokens.check(authorization);
  }
}
