package org.powersync.jakarta.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.connection.Secret;

/**
 * Whose tokens are accepted (configuration section 8).
 *
 * @param audience accepted audiences; none = every token fails, Supabase keys excepted
 * @param staticKeys keys in the configuration itself
 * @param jwksUris remote key sets
 * @param jwksRestriction addresses that JWKS requests may not go to
 * @param supabaseSecret the legacy shared secret of a Supabase project
 * @param supabaseJwksUri the key set of the Supabase project that is the source
 */
public record ClientAuth(
    List<String> audience,
    List<JsonWebKey> staticKeys,
    List<URI> jwksUris,
    AddressRestriction jwksRestriction,
    Optional<Secret> supabaseSecret,
    Optional<URI> supabaseJwksUri) {
  public ClientAuth {
    audience = List.copyOf(audience);
    staticKeys = List.copyOf(staticKeys);
    jwksUris = List.copyOf(jwksUris);
  }
}
