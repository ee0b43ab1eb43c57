package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Ten thousand damaged requests over all routes, and frames of every type: each is refused with a
 * code, or answered, and the service lives on (reliability F18).
 */
class FuzzedRequestsIT {
  private static final int REQUESTS = 10_000;
  private static final int FRAMES = 2_000;
  private static final int FRAMES_A_CONNECTION = 10;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SECRET = "admin-token-1";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final String[] METHODS = {
    "GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"
  };

  private static final String[] ROUTES = {
    "/sync/stream",
    "/sync/checkpoint-request",
    "/write-checkpoint.json",
    "/write-checkpoint2.json",
    "/api/sync-rules/v1/current",
    "/api/sync-rules/v1/deploy",
    "/api/sync-rules/v1/validate",
    "/api/sync-rules/v1/reprocess",
    "/api/admin/v1/diagnostics",
    "/api/admin/v1/schema",
    "/api/admin/v1/execute-sql",
    "/api/admin/v1/validate",
    "/api/admin/v1/reprocess",
    "/api/admin/v1/client-schema",
    "/api/admin/v1/explain-row",
    "/api/admin/v1/explain-request",
    "/api/admin/v1/disconnect",
    "/api/admin/v1/preflight",
    "/api/admin/v1/status",
    "/probes/startup",
    "/probes/readiness",
    "/health/ready",
    "/admin/",
    "/",
    "/%2e%2e/%00",
    "/sync/stream/"
  };

  private static final String[] BODIES = {
    "",
    "null",
    "[]",
    "{}",
    "\"text\"",
    "{\"buckets\":[{\"name\":\"a\",\"after\":\"1\"}],\"raw_data\":true,\"client_id\":\"c\"}",
    "{\"streams\":{\"include_defaults\":false,\"subscriptions\":[{\"stream\":\"s\","
        + "\"parameters\":{\"a\":1},\"override_priority\":2}]}}",
    "{\"sql\":{\"query\":\"SELECT 1\",\"args\":[]}}",
    "{\"table\":\"lists\",\"row\":{\"id\":\"1\"}}",
    "{\"sync_rules\":\"bucket_definitions: {}\"}",
    "{\"user_id\":\"ann\",\"client_id\":\"c\",\"parameters\":{}}",
    "bucket_definitions:\n  a:\n    data:\n      - SELECT * FROM lists\n",
    "a: &a [*a, *a]\nb: !!java.net.URL [x]\n"
  };

  private static final String[] AUTHORIZATIONS = {
    "Token " + SECRET, "Bearer " + SECRET, "Token x.y.z", "Basic YWRtaW46YWRtaW4=", "Token", ""
  };

  private static final String[] TYPES = {
    "application/json", "application/yaml", "text/plain", "application/x-www-form-urlencoded", "{}"
  };

  private static final String[] CODINGS = {
    "gzip", "zstd", "deflate", "identity", "br", "gzip, gzip"
  };

  private static final String CONFIG =
      """
      bucket_definitions:
        lists:
          data:
            - SELECT * FROM lists
      """;

  private static LibertyServer server;

  @BeforeAll
  static void start() {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("fuzz_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("fuzz_storage");
    source.execute(
        "CREATE TABLE lists (id text PRIMARY KEY)", "CREATE PUBLICATION powersync FOR ALL TABLES");
    server =
        new LibertyServer(
                "fuzz",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(CONFIG)),
                Map.of())
            .start()
            .awaitReady();
    Await.until("a config is active", SOON, FuzzedRequestsIT::configIsActive);
  }

  private static boolean configIsActive() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/write-checkpoint2.json"))
            .header("Authorization", "Token " + Tokens.user("ann"))
            .build();
    return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyRouteAnswersDamagedRequestsWithoutFailing() throws Exception {
    Random random = new Random(18);
    for (int i = 0; i < REQUESTS; i++) {
      HttpRequest request = request(random);
      HttpResponse<InputStream> response = HTTP.send(request, BodyHandlers.ofInputStream());
      String body = beginning(response);
      String shown = request + " " + request.headers().map() + " " + body;
      assertThat(response.statusCode()).as(shown).isNotEqualTo(500).isLessThan(504);
      assertThat(body).as(shown).doesNotContain("\tat ", "Exception", SECRET, "postgres:postgres");
    }
    assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
    assertThat(Files.readString(server.output().resolve("console.log")))
        .doesNotContain(SECRET, "postgres:postgres", "OutOfMemoryError", "StackOverflowError");
  }

  private static HttpRequest request(Random random) {
    String route = pick(random, ROUTES) + (random.nextInt(4) == 0 ? query(random) : "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(route))
            .timeout(SOON)
            .method(pick(random, METHODS), BodyPublishers.ofByteArray(body(random)));
    if (random.nextInt(3) > 0) {
      request.setHeader("Authorization", authorization(random));
    }
    if (random.nextInt(3) > 0) {
      request.setHeader("Content-Type", pick(random, TYPES));
    }
    if (random.nextInt(4) == 0) {
      request.setHeader("Content-Encoding", pick(random, CODINGS));
    }
    if (random.nextInt(4) == 0) {
      request.setHeader("Accept-Encoding", pick(random, CODINGS));
    }
    return request.build();
  }

  private static String authorization(Random random) {
    return random.nextInt(3) == 0
        ? "Token " + damaged(Tokens.user("ann"), random)
        : pick(random, AUTHORIZATIONS);
  }

  /** A token with some letters replaced by others that may stand in one. */
  private static String damaged(String token, Random random) {
    StringBuilder text = new StringBuilder(token);
    for (int i = random.nextInt(3); i > 0; i--) {
      text.setCharAt(random.nextInt(text.length()), "aZ0._-=".charAt(random.nextInt(7)));
    }
    return text.toString();
  }

  private static String query(Random random) {
    StringBuilder query = new StringBuilder("?client_id=");
    for (int i = random.nextInt(30); i > 0; i--) {
      query.append("%").append(String.format("%02x", random.nextInt(256)));
    }
    return query.toString();
  }

  private static byte[] body(Random random) {
    byte[] body = pick(random, BODIES).getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      for (int i = random.nextInt(4); i > 0; i--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
    }
    return body;
  }

  /** Streams go on for ever: the beginning tells enough. */
  private static String beginning(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      boolean stream = response.statusCode() == 200 && response.uri().getPath().contains("/sync/");
      return stream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String pick(Random random, String[] choice) {
    return choice[random.nextInt(choice.length)];
  }

  @Test
  void framesOfEveryTypeEndTheirConnectionAtMost() throws Exception {
    Random random = new Random(6);
    for (int i = 0; i < FRAMES / FRAMES_A_CONNECTION; i++) {
      try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
        client.setup("Token " + Tokens.user("ann"));
        for (int frame = 0; frame < FRAMES_A_CONNECTION; frame++) {
          client.send(frame(random));
        }
        client.keepAlive("x");
        assertThat(client.next(SOON)).matches("(?s)(ERROR|KEEPALIVE|CLOSED|NEXT|COMPLETE).*");
      }
    }
    assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
  }

  /** Any of the 64 types, with any flags and content, for one of a few streams. */
  private static byte[] frame(Random random) {
    byte[] content = new byte[random.nextInt(60)];
    random.nextBytes(content);
    return ByteBuffer.allocate(6 + content.length)
        .putInt(random.nextInt(5) - 1)
        .putShort((short) random.nextInt(1 << 16))
        .put(content)
        .array();
  }
}
