package org.powersync.jakarta.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.connection.document.ConfigurationSection;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** Reads {@code client_auth} (configuration section 8). */
final class ClientAuthReader {
  private static final Pattern SUPABASE_HOST = Pattern.compile("db\\.(\\w+)\\.supabase\\.co");

  private final ConfigurationSection section;
  private final Optional<String> sourceHost;

  ClientAuthReader(ConfigurationSection section, Optional<String> sourceHost) {
    this.section = section;
    this.sourceHost = sourceHost;
  }

  ClientAuth read() {
    boolean blockLocal = section.flag("block_local_jwks", false);
    AddressRestriction restriction = restriction(blockLocal);
    List<URI> uris = new ArrayList<>();
    for (String uri : section.textOrTexts("jwks_uri")) {
      jwksUri(uri, restriction, blockLocal).ifPresent(uris::add);
    }
    List<JsonWebKey> keys = new ArrayList<>();
    section
        .section("jwks")
        .ifPresent(jwks -> jwks.sections("keys").forEach(key -> key(key).ifPresent(keys::add)));
    boolean supabase = section.flag("supabase", false);
    Optional<String> secret = section.text("supabase_jwt_secret").filter(text -> !text.isEmpty());
    if (secret.isPresent() && !supabase) {
      section.warning("supabase_jwt_secret", "has no effect without supabase: true");
    }
    return new ClientAuth(
        section.texts("audience"),
        keys,
        uris,
        restriction,
        secret.filter(text -> supabase).map(Secret::of),
        supabaseJwks(supabase));
  }

  private AddressRestriction restriction(boolean blockLocal) {
    List<String> ranges = new ArrayList<>(section.texts("jwks_reject_ip_ranges"));
    if (blockLocal) {
      ranges.add("local");
    }
    try {
      return AddressRestriction.of(ranges);
    } catch (PowerSyncException e) {
      section.error("jwks_reject_ip_ranges", e.text());
      return AddressRestriction.NONE;
    }
  }

  private Optional<URI> jwksUri(String text, AddressRestriction restriction, boolean blockLocal) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      section.error(
          ErrorCode.PSYNC_S3102, "jwks_uri", "is not a valid URL at character " + e.getIndex());
      return Optional.empty();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.isEmpty()) {
      section.error(ErrorCode.PSYNC_S3102, "jwks_uri", "must be a URL that starts with https://");
      return Optional.empty();
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      section.error(ErrorCode.PSYNC_S3103, "jwks_uri", "must be http or https");
      return Optional.empty();
    }
    if (uri.getHost() == null) {
      section.error(ErrorCode.PSYNC_S3102, "jwks_uri", "must name a host");
      return Optional.empty();
    }
    Optional<InetAddress> literal = AddressRestriction.literal(uri.getHost());
    if (blockLocal && literal.filter(Inet6Address.class::isInstance).isPresent()) {
      section.error(
          ErrorCode.PSYNC_S2202, "jwks_uri", "IPv6 addresses are refused by block_local_jwks");
      return Optional.empty();
    }
    if (literal.isPresent() && restriction.rejects(literal.get())) {
      section.error(
          ErrorCode.PSYNC_S2203, "jwks_uri", "the address is in a range that is rejected");
      return Optional.empty();
    }
    return Optional.of(uri);
  }

  private static Optional<JsonWebKey> key(ConfigurationSection key) {
    try {
      Map<String, Object> members = key.plain();
      JsonWebKey imported = JsonWebKey.read(members);
      if (imported.family() == JsonWebKey.Family.RSA && imported.kid().isEmpty()) {
        throw new PowerSyncException(ErrorCode.PSYNC_S2201, "kid is required");
      }
      boolean needsAlgorithm = imported.family() != JsonWebKey.Family.RSA;
      boolean fits =
          imported
              .algorithm()
              .map(imported.family().algorithms()::contains)
              .orElse(!needsAlgorithm);
      if (!fits) {
        throw new PowerSyncException(
            ErrorCode.PSYNC_S2201,
            "alg must be one of " + String.join(", ", imported.family().algorithms()));
      }
      return Optional.of(imported);
    } catch (PowerSyncException e) {
      key.problems().error(e.code(), key.path(), key.line(), "the key cannot be used: " + e.text());
      return Optional.empty();
    }
  }

  private Optional<URI> supabaseJwks(boolean supabase) {
    Matcher host = SUPABASE_HOST.matcher(sourceHost.orElse(""));
    if (host.matches()) {
      if (supabase) {
        return Optional.of(
            URI.create("https://" + host.group(1) + ".supabase.co/auth/v1/.well-known/jwks.json"));
      }
      section.warning(
          "supabase",
          "the source is a Supabase database; set supabase: true to"
              + " accept the project's tokens");
    } else if (supabase) {
      section.warning(
          "supabase",
          "the source's host is not db.<project>.supabase.co, so the"
              + " project's key set is not used");
    }
    return Optional.empty();
  }
}
