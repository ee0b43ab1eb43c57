package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.powersync.jakarta.auth.TokenVerifier;
import org.powersync.jakarta.auth.VerifiedToken;
import org.powersync.jakarta.config.ClientAuth;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonValues;

/**
 * Users by their JWT. Without a configuration nobody is let in. A call waits for keys that have to
 * be fetched first, three seconds at most; fetches run on threads of their own.
 */
@ApplicationScoped
public class JwtUserTokens implements UserTokens {
  private static final int HTTP_THREADS = 2;

  @Inject private ServiceConfiguration configuration;
  @Inject private StreamThreads threads;

  private TokenVerifier verifier;

  @PostConstruct
  void start() {
    verifier =
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? verifier(loaded.configuration().clientAuth())
            : TokenVerifier.closed();
  }

  private TokenVerifier verifier(ClientAuth auth) {
    // One that hangs must not hold up the others.
    int remote = auth.jwksUris().size() + auth.supabaseJwksUri().map(uri -> 1).orElse(0);
    Executor fetches = threads.pooled(Math.max(1, remote));
    return TokenVerifier.of(auth, Clock.systemUTC(), fetches, threads.pooled(HTTP_THREADS));
  }

  /** Has the keys fetched before the first client asks. */
  void warmUp(@Observes @Initialized(ApplicationScoped.class) Object started) {
    verifier.warmUp();
  }

  @Override
  public boolean mayWait() {
    return verifier.mayWait();
  }

  @Override
  public StreamCaller verify(String authorization) {
    return caller(verifier.verifyHeader(authorization));
  }

  static StreamCaller caller(VerifiedToken token) {
    return new StreamCaller(userId(token.subject()), token.claims(), token.expires());
  }

  /**
   * The subject as text, numbers in their shortest form (sync API section 6.3). Users are asked
   * about together, so one that storage cannot name would be in the way of all others.
   */
  private static String userId(Object subject) {
    String id = subject == null ? "null" : Casts.text(JsonValues.toSql(subject, true));
    if (id.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
      throw new PowerSyncException(
          ErrorCode.PSYNC_S2101, "The claim sub must be well-formed text without U+0000");
    }
    return id;
  }
}
