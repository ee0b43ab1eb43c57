package org.powersync.jakarta.auth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.connection.Secret;

/**
 * A key with the rules for tokens signed by it.
 *
 * @param audience replaces the configured audiences for this key's tokens
 * @param maxLifetime replaces the usual longest lifetime
 */
record VerificationKey(
    JsonWebKey key, Optional<List<String>> audience, Optional<Duration> maxLifetime) {
  private static final Optional<List<String>> SUPABASE_AUDIENCE =
      Optional.of(List.of("authenticated"));

  /** Seven days and twenty minutes. */
  private static final Optional<Duration> SUPABASE_LIFETIME =
      Optional.of(Duration.ofSeconds(606_000));

  /** A key under the rules of the configuration. */
  static VerificationKey of(JsonWebKey key) {
    return new VerificationKey(key, Optional.empty(), Optional.empty());
  }

  /** A key of a Supabase project. */
  static VerificationKey ofSupabase(JsonWebKey key) {
    return new VerificationKey(key, SUPABASE_AUDIENCE, SUPABASE_LIFETIME);
  }

  /** The legacy shared secret of a Supabase project. */
  static VerificationKey ofSupabase(Secret secret) {
    return ofSupabase(new JsonWebKey.Shared(Optional.empty(), Optional.of("HS256"), secret));
  }

  /** Whether the key is tried for tokens that name no known key. */
  boolean wildcard() {
    return key.kid().isEmpty();
  }

  /** For an operator: {@code id (algorithm)}. */
  String description() {
    return key.kid().map(LogText::of).orElse("*")
        + " ("
        + key.algorithm().map(LogText::of).orElse(key.family().toString())
        + ")";
  }
}
