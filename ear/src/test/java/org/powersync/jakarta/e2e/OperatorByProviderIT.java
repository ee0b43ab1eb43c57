package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;
import org.powersync.jakarta.server.ServerOverride;

/**
 * Operators by bearer tokens of an OpenID Connect provider, bound by the server's configuration
 * alone; here the test is the provider.
 */
class OperatorByProviderIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** As in docs/configuration.md. */
  private static final String PROVIDER =
      """
      <server>
        <featureManager>
          <feature>appSecurity-5.0</feature>
          <feature>openidConnectClient-1.0</feature>
        </featureManager>
        <webAppSecurity singleSignonEnabled="false"/>
        <authFilter id="operators">
          <requestUrl urlPattern="/api/" matchType="contains"/>
        </authFilter>
        <openidConnectClient id="provider" clientId="powersync" clientSecret="unused"
            inboundPropagation="required"
            authFilterRef="operators" issuerIdentifier="https://provider.example"
            jwkEndpointUrl="http://127.0.0.1:%d/keys" signatureAlgorithm="RS256"
            audiences="powersync" groupIdentifier="groups" httpsRequired="false"/>
        <enterpriseApplication id="powersync">
          <application-bnd>
            <security-role name="admin">
              <group name="operations"
                  access-id="group:https://provider.example/operations"/>
            </security-role>
          </application-bnd>
        </enterpriseApplication>
      </server>
      """;

  private static KeyPair keys;
  private static HttpServer provider;
  private static LibertyServer server;

  @BeforeAll
  static void start() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            byte[] body = keySet().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    provider.start();
    TestPostgres.Database source = TestPostgres.shared().createDatabase("provider_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("provider_storage");
    source.execute("CREATE PUBLICATION powersync");
    server =
        new LibertyServer(
                "provider",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.empty()),
                ServerOverride.environment(
                    "provider", PROVIDER.formatted(provider.getAddress().getPort())))
            .start()
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.stop(0);
  }

  private static String keySet() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(unsigned(key.getModulus()), unsigned(key.getPublicExponent()));
  }

  private static String unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return base64url(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String token(String group) throws Exception {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"iss":"https://provider.example","aud":"powersync","sub":"olga","groups":["%s"],\
        "iat":%d,"exp":%d}\
        """
            .formatted(group, now, now + 600);
    String head =
        base64url(
                "{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}"
                    .getBytes(StandardCharsets.UTF_8))
            + "."
            + base64url(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(head.getBytes(StandardCharsets.US_ASCII));
    return head + "." + base64url(signature.sign());
  }

  private static HttpResponse<String> post(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .timeout(SOON)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    return response;
  }

  private static int diagnostics(String authorization) throws Exception {
    return post("/api/admin/v1/diagnostics", authorization).statusCode();
  }

  @Test
  void bearersOfAProvidersTokenPassIfTheyAreInTheRole() throws Exception {
    assertThat(diagnostics("Bearer " + token("operations"))).isEqualTo(200);
    assertThat(diagnostics("Bearer " + token("others"))).isEqualTo(401);
    String token = token("operations");
    assertThat(diagnostics("Bearer " + token.substring(0, token.length() - 8) + "AAAAAAAA"))
        .isEqualTo(401);
    assertThat(diagnostics("")).isEqualTo(401);
    assertThat(Files.readString(server.output().resolve("console.log")))
        .doesNotContain("Internal error");
  }

  @Test
  void apiTokensGoOnToPass() throws Exception {
    assertThat(diagnostics("Token admin-token-1")).isEqualTo(200);
    assertThat(diagnostics("Token admin-token-2")).isEqualTo(401);
  }

  @Test
  void clientsAreNotAskedByTheProvider() throws Exception {
    HttpResponse<String> accepted = post("/sync/stream", "Bearer " + Tokens.user("ann"));
    // Accepted, though nothing is deployed.
    assertThat(accepted.body()).contains("PSYNC_S2302");
    assertThat(post("/sync/stream", "Bearer " + token("operations")).body())
        .contains("PSYNC_S2101");
  }
}
