package org.powersync.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose tokens are accepted (configuration section 8). */
class ClientAuthReaderTest {
  private static final String RSA_N = "n: " + "sXch".repeat(85) + "sQ";

  @TempDir private Path directory;
  private ConfigurationFixture fixture;

  @BeforeEach
  void create() {
    fixture = new ConfigurationFixture(directory);
  }

  private ClientAuth read(String yaml) {
    return fixture.loaded("client_auth:\n" + yaml.indent(2)).clientAuth();
  }

  private List<String> errors(String yaml) {
    return fixture.errors("client_auth:\n" + yaml.indent(2));
  }

  private static String key(String members) {
    return "jwks: {keys: [{" + members + "}]}";
  }

  @Test
  void takesOneAddressOrSeveral() {
    URI one = URI.create("https://one.example/keys");
    assertThat(read("jwks_uri: https://one.example/keys").jwksUris()).containsExactly(one);
    assertThat(read("jwks_uri: [https://one.example/keys, HTTP://two.example:81/]").jwksUris())
        .containsExactly(one, URI.create("HTTP://two.example:81/"));
  }

  @ParameterizedTest
  @CsvSource({
    "not a url,PSYNC_S3102",
    "one.example/keys,PSYNC_S3102",
    "https:///keys,PSYNC_S3102",
    "ftp://one.example/keys,PSYNC_S3103",
    "file:///etc/keys,PSYNC_S3103"
  })
  void refusesOtherAddresses(String uri, String code) {
    assertThat(errors("jwks_uri: '" + uri + "'"))
        .singleElement()
        .asString()
        .startsWith("[" + code + "] client_auth.jwks_uri (line 6)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://127.0.0.1/k", "https://[::1]/k", "http://10.1.2.3:81/k"})
  void refusesLiteralsOfRejectedRanges(String uri) {
    assertThat(errors("jwks_uri: '" + uri + "'\njwks_reject_ip_ranges: [local]"))
        .singleElement()
        .asString()
        .startsWith("[PSYNC_S2203]");
    assertThat(read("jwks_uri: '" + uri + "'").jwksUris()).hasSize(1);
  }

  @Test
  void refusesIpv6WithTheOldSwitch() {
    assertThat(errors("jwks_uri: 'https://[2606:4700::1111]/k'\nblock_local_jwks: true"))
        .singleElement()
        .asString()
        .startsWith("[PSYNC_S2202]");
    assertThat(read("block_local_jwks: true").jwksRestriction().isEmpty()).isFalse();
    assertThat(read("jwks_uri: https://localhost/k\nblock_local_jwks: true").jwksUris())
        .as("names are checked when they are resolved")
        .hasSize(1);
  }

  @Test
  void refusesRangesThatAreNone() {
    assertThat(errors("jwks_reject_ip_ranges: [everything]"))
        .singleElement()
        .asString()
        .contains("client_auth.jwks_reject_ip_ranges", "CIDR");
  }

  @Test
  void readsStaticKeysOfEveryKind() {
    ClientAuth auth =
        read(
            """
            jwks:
              keys:
                - {kty: oct, alg: HS256, k: YWJj, kid: short, use: enc, other: 5}
                - {kty: oct, alg: HS512, k: YWJj}
                - {kty: RSA, kid: rsa, %s, e: AQAB}
                - {kty: EC, alg: ES256, crv: P-256, kid: ec,
                   x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU,
                   y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0}
                - {kty: OKP, alg: EdDSA, crv: Ed25519, kid: okp,
                   x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo}
            """
                .formatted(RSA_N));
    assertThat(auth.staticKeys().stream().map(JsonWebKey::kid))
        .containsExactly(
            Optional.of("short"),
            Optional.empty(),
            Optional.of("rsa"),
            Optional.of("ec"),
            Optional.of("okp"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alg: HS256, k: YWJj",
        "kty: DH, alg: HS256, k: YWJj",
        "kty: oct, k: YWJj",
        "kty: oct, alg: RS256, k: YWJj",
        "kty: oct, alg: HS256",
        "kty: oct, alg: HS256, k: ''",
        "kty: oct, alg: HS256, k: 'a b c'",
        "kty: oct, alg: HS256, k: YWJj, kid: 5",
        "kty: RSA, e: AQAB, n: YWJj",
        "kty: RSA, kid: r, e: AQAB",
        "kty: RSA, kid: r, alg: HS256, e: AQAB, n: YWJj",
        "kty: EC, crv: P-256, x: YWJj, y: YWJj",
        "kty: EC, alg: ES256, crv: P-256, x: YWJj, y: YWJj",
        "kty: EC, alg: ES256, crv: secp256k1, x: YWJj, y: YWJj",
        "kty: OKP, alg: EdDSA, crv: X25519, x: YWJj",
        "kty: OKP, alg: EdDSA, crv: Ed25519, x: YWJj"
      })
  void refusesKeysThatCannotVerify(String members) {
    assertThat(errors(key(members)))
        .singleElement()
        .asString()
        .startsWith("[PSYNC_S2201] client_auth.jwks.keys[0] (line 6): the key cannot be used: ")
        .doesNotContain("YWJj", "a b c");
  }

  @Tag("auth-supabase-url")
  @Test
  void takesTheKeysOfASupabaseProject() {
    String project = "https://abc_123.supabase.co/auth/v1/.well-known/jwks.json";
    assertThat(supabase("db.abc_123.supabase.co").clientAuth().supabaseJwksUri())
        .contains(URI.create(project));
    PowerSyncConfiguration other = supabase("db.abc_123.supabase.com");
    assertThat(other.clientAuth().supabaseJwksUri()).isEmpty();
    assertThat(other.warnings().toString()).contains("client_auth.supabase");
  }

  private PowerSyncConfiguration supabase(String host) {
    return fixture.loaded(
        """
        replication:
          connections:
            - type: postgresql
              uri: postgresql://u:p@%s:5432/postgres
        client_auth:
          supabase: true
          supabase_jwt_secret: the-secret
        """
            .formatted(host));
  }

  @Test
  void warnsWhenSupabaseIsHalfConfigured() {
    PowerSyncConfiguration configuration =
        fixture.loaded(
            """
            replication:
              connections:
                - type: postgresql
                  uri: postgresql://u:p@db.abc.supabase.co:5432/postgres
            client_auth:
              supabase_jwt_secret: the-secret
            """);
    assertThat(configuration.clientAuth().supabaseSecret()).isEmpty();
    assertThat(configuration.clientAuth().supabaseJwksUri()).isEmpty();
    assertThat(configuration.warnings().toString())
        .contains("client_auth.supabase_jwt_secret", "client_auth.supabase ")
        .doesNotContain("the-secret");
  }
}
