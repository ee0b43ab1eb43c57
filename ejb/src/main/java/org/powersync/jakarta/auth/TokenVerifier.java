package org.powersync.jakarta.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.powersync.jakarta.config.ClientAuth;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Verifies the tokens of users (sync API section 6.2). Safe for all threads. A call may wait for a
 * key set to be fetched, three seconds at most.
 */
public final class TokenVerifier {
  /** The longest lifetime of a token, unless its key has another. */
  static final Duration MAX_LIFETIME = Duration.ofDays(1);

  /** In characters; beyond it a token is not even looked at. */
  static final int MAX_LENGTH = 256 << 10;

  private static final Set<String> ALGORITHMS =
      Set.of(
          "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA");

  private final KeySelection keys;
  private final List<String> audience;
  private final Clock clock;

  /**
   * A verifier by the configuration.
   *
   * @param fetches threads that fetch key sets, each for up to 30 s
   * @param http threads for short tasks of the HTTP client; not those of {@code fetches}, which
   *     wait for them
   */
  public static TokenVerifier of(ClientAuth auth, Clock clock, Executor fetches, Executor http) {
    List<KeySource> sources = new ArrayList<>();
    sources.add(new StaticKeys(auth.staticKeys().stream().map(VerificationKey::of).toList()));
    auth.supabaseSecret()
        .map(VerificationKey::ofSupabase)
        .ifPresent(key -> sources.add(new StaticKeys(List.of(key))));
    JwksClient client = new JwksClient(auth.jwksRestriction(), JwksClient.TIMEOUT, http);
    for (URI uri : auth.jwksUris()) {
      sources.add(new RemoteKeys(uri, client, VerificationKey::of, clock, fetches));
    }
    auth.supabaseJwksUri()
        .map(uri -> new RemoteKeys(uri, client, VerificationKey::ofSupabase, clock, fetches))
        .ifPresent(sources::add);
    return new TokenVerifier(sources, auth.audience(), clock);
  }

  /** Accepts no token at all: for a process without a configuration. */
  public static TokenVerifier closed() {
    return new TokenVerifier(List.of(), List.of(), Clock.systemUTC());
  }

  /**
   * @param audience accepted unless the token's key has its own; none = no token passes
   */
  TokenVerifier(List<KeySource> sources, List<String> audience, Clock clock) {
    this.keys = new KeySelection(sources);
    this.audience = List.copyOf(audience);
    this.clock = clock;
  }

  /** Fetches remote keys ahead of the first token. Returns at once. */
  public void warmUp() {
    keys.warmUp();
  }

  /** Whether a verification begun now may wait for keys. Returns at once. */
  public boolean mayWait() {
    return keys.mayWait();
  }

  /**
   * Verifies the token of an {@code Authorization} header.
   *
   * @param header as it came, or null
   * @throws PowerSyncException PSYNC_S2106 if there is no token, else as {@link #verify}
   */
  public VerifiedToken verifyHeader(String header) {
    return verify(
        AuthorizationHeader.token(header)
            .orElseThrow(
                () -> new PowerSyncException(ErrorCode.PSYNC_S2106, "Authentication required")));
  }

  /**
   * Verifies a token.
   *
   * @throws PowerSyncException of the PSYNC_S21 and S22 families, all answered 401; the context
   *     says more than the text and is for operators
   */
  public VerifiedToken verify(String token) {
    JWSObject parsed = parse(token);
    VerificationKey key = keys.verifying(parsed);
    Claims claims = claims(parsed);
    claims.checkPresence();
    claims.checkTimes(clock.instant().getEpochSecond());
    claims.checkAudience(key.audience().orElse(audience));
    claims.checkLifetime(key.maxLifetime().orElse(MAX_LIFETIME));
    claims.checkParameters();
    return new VerifiedToken(claims.members(), claims.expires());
  }

  private static JWSObject parse(String token) {
    if (token.length() > MAX_LENGTH) {
      throw new PowerSyncException(ErrorCode.PSYNC_S2101, "The token is too long")
          .with("length", token.length())
          .with("maxLength", MAX_LENGTH);
    }
    JWSObject parsed;
    try {
      parsed = JWSObject.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      // The cause quotes the token and is left behind.
      throw malformed();
    }
    JWSHeader header = parsed.getHeader();
    if (!ALGORITHMS.contains(header.getAlgorithm().getName())) {
      throw new PowerSyncException(ErrorCode.PSYNC_S2101, "The token's algorithm is not accepted")
          .with("alg", LogText.of(header.getAlgorithm().getName()));
    }
    if (header.getCriticalParams() != null) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2101, "The token has critical header parameters that are not known")
          .with("crit", LogText.of(header.getCriticalParams()));
    }
    return parsed;
  }

  private static Claims claims(JWSObject token) {
    try {
      return Claims.parse(token.getPayload().toBytes());
    } catch (IOException e) {
      throw malformed();
    }
  }

  private static PowerSyncException malformed() {
    return new PowerSyncException(
        ErrorCode.PSYNC_S2101, "The token is not a well-formed signed JWT");
  }
}
