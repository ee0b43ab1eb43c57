package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;
import org.powersync.jakarta.server.ServerOverride;

/**
 * Who may use the routes for operators: bearers of an API token, and whom the server's own
 * configuration puts into the role, here with a registry. No route keeps a session.
 */
class OperatorAccessIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** As in docs/configuration.md. */
  private static final String REGISTRY =
      """
      <server>
        <featureManager>
          <feature>appSecurity-5.0</feature>
        </featureManager>
        <webAppSecurity singleSignonEnabled="false"/>
        <basicRegistry id="operators" realm="operators">
          <user name="olga" password="olgas-password"/>
          <user name="ulf" password="ulfs-password"/>
          <group name="operations">
            <member name="olga"/>
          </group>
        </basicRegistry>
        <enterpriseApplication id="powersync">
          <application-bnd>
            <security-role name="admin">
              <group name="operations"/>
            </security-role>
          </application-bnd>
        </enterpriseApplication>
      </server>
      """;

  private static LibertyServer server;

  @BeforeAll
  static void start() {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("operators_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("operators_storage");
    source.execute("CREATE PUBLICATION powersync");
    server =
        new LibertyServer(
                "operators",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.empty()),
                ServerOverride.environment("operators", REGISTRY))
            .start()
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> send(
      String method, String path, String authorization, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .timeout(SOON)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
    return response;
  }

  private static HttpResponse<String> diagnostics(String authorization) throws Exception {
    return send("POST", "/api/admin/v1/diagnostics", authorization, "{}");
  }

  private static String basic(String nameAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private static void requireRefused(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(401);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2101");
    assertThat(error.get("description").asText()).isEqualTo("Authentication required");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
  }

  @ParameterizedTest
  @CsvSource({"Token admin-token-1", "Bearer admin-token-1"})
  void bearersOfAnApiTokenPass(String authorization) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(diagnostics(authorization).statusCode()).isEqualTo(200);
      requireRefused(diagnostics(""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Token admin-token-2",
    "Token admin-token",
    "token admin-token-1",
    "Basic admin-token-1",
    "Basic",
    "Digest username=olga",
    "Bearer"
  })
  void othersAreRefused(String authorization) throws Exception {
    requireRefused(diagnostics(authorization));
  }

  @Test
  void usersOfTheServersRegistryPassIfTheyAreInTheRole() throws Exception {
    assertThat(diagnostics(basic("olga:olgas-password")).statusCode()).isEqualTo(200);
    requireRefused(diagnostics(basic("olga:wrong")));
    requireRefused(diagnostics(basic("ulf:ulfs-password")));
    requireRefused(diagnostics(basic("nobody:x")));
    requireRefused(diagnostics(basic("olga")));
  }

  @Test
  void aWrongShapeIsToldBeforeWhoMaySendIt() throws Exception {
    HttpResponse<String> response = send("POST", "/api/admin/v1/validate", "", "{}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("PSYNC_S2001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /sync/stream | '' | 401 | PSYNC_S2106",
        "POST | /sync/stream | Token admin-token-1 | 401 | PSYNC_S2101",
        "POST | /sync/stream | Basic b2xnYTpvbGdhcy1wYXNzd29yZA== | 401 | PSYNC_S2106",
        "GET | /write-checkpoint2.json | '' | 401 | PSYNC_S2106",
        "GET | /probes/liveness | Basic wrong | 200 | touched_at",
        "GET | /probes/readiness | Token wrong | 200 | ready",
        "GET | /admin/index.html | Token wrong | 200 | html",
        "GET | /nowhere | Token admin-token-1 | 404 | PSYNC_S2002"
      })
  void otherRoutesAnswerAsEver(
      String method, String path, String authorization, int status, String text) throws Exception {
    HttpResponse<String> response = send(method, path, authorization, "{}");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(text);
  }

  @Test
  void preflightsAreAnsweredWithoutAuthorization() throws Exception {
    HttpResponse<String> response =
        send(
            "OPTIONS",
            "/api/admin/v1/diagnostics",
            "",
            "",
            "Origin",
            "https://a.example",
            "Access-Control-Request-Method",
            "POST");
    assertThat(response.statusCode()).isEqualTo(204);
  }
}
