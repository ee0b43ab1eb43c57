package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.powersync.jakarta.auth.ApiTokens;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Lets operators at the admin routes: bearers of an API token, and callers whom the server's own
 * security has put into the role. Without a configuration, or with one that names no tokens, and on
 * a server without security of its own, nobody is let in. Safe for all threads.
 */
@ApplicationScoped
public class Operators {
  /** The security role; who has it is up to the server's configuration. */
  static final String ROLE = "admin";

  @Inject private ServiceConfiguration configuration;

  private ApiTokens tokens;

  @PostConstruct
  void start() {
    tokens =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? new ApiTokens(loaded.configuration().api().tokens())
            : ApiTokens.NONE;
  }

  /**
   * Lets an operator pass. The request has to say who calls: what a browser sends by itself, such
   * as cookies, lets nobody pass.
   *
   * @throws PowerSyncException PSYNC_S2101, answered 401
   */
  void require(Exchange exchange) {
    String authorization = exchange.request().getHeader("Authorization");
    if (authorization == null || !tokens.accept(authorization) && !exchange.inRole()) {
      throw new PowerSyncException(ErrorCode.PSYNC_S2101, "Authentication required");
    }
  }
}
