package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.client.RawConnection;
import org.powersync.jakarta.client.SigningKey;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * What holds for every route (sync API sections 1, 2 and 6), on the deployed EAR, byte for byte.
 */
class HttpConventionsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IS_JSON = "Content-Type: application/json\n";
  private static final String ADMIN = "Authorization: Token admin-token-1\n";
  private static final byte[] NOTHING = {};
  private static final List<String> ALGORITHMS =
      List.of(
          "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
          "Ed25519", "Ed448");

  private static final Map<String, SigningKey> KEYS = new LinkedHashMap<>();
  private static final int QUEUE_LOCK = 10205;

  private static TestPostgres.Database source;
  private static LibertyServer server;

  /** An answer as a whole. */
  private record Answer(RawConnection.Head head, String body) {
    private int status() {
      return head.status();
    }

    private JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    private String code() throws IOException {
      return json().at("/error/code").asText();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    source = TestPostgres.shared().createDatabase("conventions_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("conventions_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "INSERT INTO notes VALUES ('n1', 'alpha')",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    ObjectNode changes = JSON.createObjectNode();
    changes
        .putObject("replication")
        .putArray("connections")
        .addObject()
        .put("type", "postgresql")
        .put("uri", source.uri())
        .put("sslmode", "disable")
        .put("debug_api", true);
    ArrayNode keys = changes.putObject("client_auth").putObject("jwks").putArray("keys");
    for (String algorithm : ALGORITHMS) {
      SigningKey key = SigningKey.of(algorithm);
      KEYS.put(algorithm, key);
      keys.add(JSON.readTree(key.jwk()));
    }
    keys.addObject()
        .put("kty", "oct")
        .put("alg", "HS256")
        .put("kid", "bench")
        .put("k", Tokens.KEY_BASE64URL);
    server =
        new LibertyServer(
                "conventions",
                ServiceSettings.of(
                    source.uri(),
                    storage.uri(),
                    Optional.of("bucket_definitions:\n  notes:\n    data: [SELECT * FROM notes]\n"),
                    changes),
                Map.of())
            .start()
            .awaitReady();
    Await.until(
        "a sync config is active",
        SOON,
        () -> get("/write-checkpoint2.json?client_id=first", user("starting")).status() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String user(String name) {
    return "Authorization: Token " + Tokens.user(name) + "\n";
  }

  private static Answer get(String path, String headers) throws IOException {
    return send("GET", path, headers, NOTHING);
  }

  private static Answer post(String path, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return send("POST", path, headers + "Content-Length: " + bytes.length + "\n", bytes);
  }

  private static Answer send(String method, String path, String headers, byte[] body)
      throws IOException {
    try (RawConnection connection = new RawConnection(server.uri(), SOON)) {
      connection.send(head(method, path, headers), body);
      RawConnection.Head head = connection.head();
      return new Answer(head, connection.body(head));
    }
  }

  private static String head(String method, String path, String headers) {
    return method + " " + path + " HTTP/1.1\nHost: localhost\n" + headers + "\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sync/stream/",
        "/Sync/stream",
        "/sync/STREAM",
        "//sync/stream",
        "/sync//stream",
        "/sync/./stream",
        "/api/../sync/stream",
        "/sync/stream;a=b"
      })
  void pathsAreExact(String path) throws Exception {
    Answer answer = post(path, IS_JSON, "{}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("PSYNC_S2002");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /sync/stream",
    "DELETE, /sync/stream",
    "PATCH, /sync/checkpoint-request",
    "GET, /sync/checkpoint-request",
    "HEAD, /nothing",
    "POST, /write-checkpoint2.json",
    "POST, /write-checkpoint.json",
    "POST, /probes/liveness",
    "GET, /api/admin/v1/diagnostics",
    "POST, /api/sync-rules/v1/current",
    "PUT, /nothing",
    "POST, /dev/token",
    "POST, /api/reports/v1/connections"
  })
  void otherPathsAndMethodsAreNotFound(String method, String path) throws Exception {
    String headers = ADMIN + IS_JSON + "Content-Length: 2\n";
    try (RawConnection connection = new RawConnection(server.uri(), SOON)) {
      connection.send(head(method, path, headers), "{}".getBytes(StandardCharsets.UTF_8));
      RawConnection.Head head = connection.head();
      assertThat(head.status()).isEqualTo(404);
      assertThat(head.header("Content-Type").orElseThrow()).startsWith("application/json");
      if (!method.equals("HEAD")) {
        JsonNode error = JSON.readTree(connection.body(head)).get("error");
        assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2002");
        assertThat(error.get("severity").asText()).isEqualTo("info");
        assertThat(error.get("status").asInt()).isEqualTo(404);
        assertThat(error.get("name").asText()).isEqualTo("RouteNotFound");
        assertThat(error.has("stack")).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/probes/startup",
        "/probes/readiness",
        "/probes/liveness",
        "/write-checkpoint2.json",
        "/write-checkpoint.json",
        "/api/sync-rules/v1/current"
      })
  void everyGetRouteAnswersHeadWithoutABody(String path) throws Exception {
    String headers = path.startsWith("/api/") ? ADMIN : user("heads");
    try (RawConnection connection = new RawConnection(server.uri(), SOON)) {
      connection.send(head("HEAD", path, headers), NOTHING);
      RawConnection.Head head = connection.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type").orElseThrow()).startsWith("application/json");
      // What comes next on the connection is the next answer.
      connection.send(head("GET", path, headers), NOTHING);
      RawConnection.Head next = connection.head();
      assertThat(next.status()).isEqualTo(200);
      JSON.readTree(connection.body(next));
    }
  }

  @Test
  void membersOfAPostMayStandInTheQueryAndTheBodyWins() throws Exception {
    String who = user("overlays");
    assertThat(
            post("/sync/checkpoint-request?client_id=q", who + IS_JSON, request("\"0042\"")).body())
        .isEqualTo("{\"data\":{\"checkpoint_request_id\":\"42\"}}");
    assertThat(
            post(
                    "/sync/checkpoint-request?client_id=b&checkpoint_request_id=7",
                    who + "Content-Type: Application/JSON ; charset=utf-8\n",
                    request("1.0"))
                .body())
        .isEqualTo("{\"data\":{\"checkpoint_request_id\":\"1\"}}");
    assertThat(
            post(
                    "/sync/checkpoint-request?client_id=t&checkpoint_request_id=9",
                    who + "Content-Type: text/plain\n",
                    "ignored {")
                .body())
        .isEqualTo("{\"data\":{\"checkpoint_request_id\":\"9\"}}");
    for (String refused : List.of("1.5", "null", "[1]", "\"1.0\"", "\"\"", "\"-\"", "true")) {
      Answer answer = post("/sync/checkpoint-request?client_id=q", who + IS_JSON, request(refused));
      assertThat(answer.status()).as(refused).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("PSYNC_S2001");
      assertThat(answer.json().at("/error/name").asText()).isEqualTo("ValidationError");
      assertThat(JSON.readTree(answer.json().at("/error/details").asText()).isArray()).isTrue();
    }
  }

  private static String request(String id) {
    return "{\"checkpoint_request_id\":" + id + ",\"unknown\":{}}";
  }

  @Test
  void aParameterGivenTwiceIsNoText() throws Exception {
    Answer answer = get("/write-checkpoint2.json?client_id=a&client_id=b", user("twice"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("PSYNC_S2001");
  }

  @Test
  void anEmptyClientIdIsAnotherThanNone() throws Exception {
    String who = user("empty");
    for (String number : List.of("1", "2")) {
      for (String query : List.of("", "?client_id=", "?client_id=x")) {
        assertThat(get("/write-checkpoint2.json" + query, who).body())
            .isEqualTo("{\"data\":{\"write_checkpoint\":\"" + number + "\"}}");
      }
    }
  }

  @Test
  void theBodyOfAGetIsNotRead() throws Exception {
    byte[] body = "{ not json".getBytes(StandardCharsets.UTF_8);
    Answer answer =
        send(
            "GET",
            "/write-checkpoint2.json",
            user("bodies") + IS_JSON + "Content-Length: " + body.length + "\n",
            body);
    assertThat(answer.body()).isEqualTo("{\"data\":{\"write_checkpoint\":\"1\"}}");
  }

  @Tag("http-bad-bodies")
  @Test
  void bodiesNeedATypeThatIsKnown() throws Exception {
    Answer untyped = post("/sync/stream", "", "{}");
    assertThat(untyped.status()).isEqualTo(415);
    assertThat(untyped.json().at("/error/status").asInt()).isEqualTo(415);
    assertThat(post("/sync/stream", "Content-Type: application/yaml\n", "a: 1").status())
        .isEqualTo(415);
    assertThat(post("/api/admin/v1/validate", ADMIN + "Content-Type: application/yaml\n", "a: 1"))
        .satisfies(yaml -> assertThat(yaml.status()).isEqualTo(415));
    // Validation passed, authorization not.
    assertThat(post("/sync/stream", "Content-Type: text/plain\n", "x").status()).isEqualTo(401);
    assertThat(post("/sync/stream", IS_JSON, "\"text\"").status()).isEqualTo(401);
    assertThat(post("/sync/stream", "", "").status()).isEqualTo(401);
  }

  @Test
  void bodiesAreLimited() throws Exception {
    int limit = 1 << 20;
    String path = "/sync/checkpoint-request";
    assertThat(post(path, IS_JSON, sized(limit)).status()).isEqualTo(400);
    assertThat(post(path, IS_JSON, sized(limit + 1)).status()).isEqualTo(413);
    byte[] chunked =
        (Integer.toHexString(limit + 1) + "\r\n" + sized(limit + 1) + "\r\n0\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(send("POST", path, IS_JSON + "Transfer-Encoding: chunked\n", chunked).status())
        .isEqualTo(413);
    // A client with very many buckets names all of them.
    assertThat(post("/sync/stream", IS_JSON, sized(16 << 20)).status()).isEqualTo(401);
    assertThat(post("/sync/stream", IS_JSON, sized((16 << 20) + 1)).status()).isEqualTo(413);
  }

  private static String sized(int bytes) {
    return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
  }

  @Test
  void reprocessingIsStrictAndOtherRoutesAreNot() throws Exception {
    String path = "/api/sync-rules/v1/reprocess";
    assertThat(post(path, ADMIN + IS_JSON, "{\"a\":1}").status()).isEqualTo(400);
    assertThat(post(path + "?a=1", ADMIN, "").status()).isEqualTo(400);
    assertThat(post("/api/admin/v1/diagnostics?a=1", ADMIN + IS_JSON, "{\"b\":1}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade, HTTP2-Settings", "upgrade,http2-settings"})
  void aRequestForH2cIsAnOrdinaryOne(String connection) throws Exception {
    String upgrade =
        "Connection: "
            + connection
            + "\nUpgrade: h2c\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\n";
    assertThat(get("/probes/liveness", upgrade).status()).isEqualTo(200);
    try (RawConnection stream = new RawConnection(server.uri(), SOON)) {
      stream.send(
          head("POST", "/sync/stream", user("h2c") + IS_JSON + upgrade + "Content-Length: 2\n"),
          "{}".getBytes(StandardCharsets.US_ASCII));
      RawConnection.Head head = stream.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(new String(stream.chunk(), StandardCharsets.UTF_8)).startsWith("{\"checkpoint\":");
    }
  }

  @Tag("http-admin-queue")
  @Test
  void tenRequestsOfOperatorsRunTwentyWaitAndTheRestIsTurnedAway() throws Exception {
    List<RawConnection> open = new ArrayList<>();
    byte[] waitForTheLock =
        """
        {"sql":{"query":"SELECT pg_advisory_xact_lock_shared(%d)","args":[]}}"""
            .formatted(QUEUE_LOCK)
            .getBytes(StandardCharsets.US_ASCII);
    try (Connection lock = source.connect();
        Statement statement = lock.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + QUEUE_LOCK + ")");
      for (int i = 0; i < 35; i++) {
        RawConnection connection = new RawConnection(server.uri(), Duration.ofMillis(20));
        open.add(connection);
        connection.send(
            head(
                "POST",
                "/api/admin/v1/execute-sql",
                ADMIN + IS_JSON + "Content-Length: " + waitForTheLock.length + "\n"),
            waitForTheLock);
      }
      List<RawConnection> waiting = new ArrayList<>(open);
      Await.until(
          "five are turned away",
          SOON,
          () -> {
            waiting.removeIf(HttpConventionsIT::turnedAway);
            return waiting.size() <= 30;
          });
      Await.until("ten run", SOON, () -> waitingForTheLock() == 10);
      assertThat(get("/probes/liveness", "").status()).isEqualTo(200);
      // The others are served, each when its turn comes.
      statement.execute("SELECT pg_advisory_unlock(" + QUEUE_LOCK + ")");
      Await.until(
          "all others are answered",
          SOON,
          () -> {
            waiting.removeIf(connection -> answered(connection, 200));
            return waiting.isEmpty();
          });
    } finally {
      for (RawConnection connection : open) {
        connection.close();
      }
    }
  }

  private static int waitingForTheLock() {
    return Integer.parseInt(
        source
            .query(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                    + " AND objid = "
                    + QUEUE_LOCK)
            .get(0));
  }

  @Test
  void requestsThatDoNotArriveHoldUpNobodyElse() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
    try {
      // More than there are places, in each group.
      for (int i = 0; i < 250; i++) {
        slow.add(halfSent("/sync/stream"));
        slow.add(halfSent("/sync/checkpoint-request"));
        if (i % 5 == 0) {
          slow.add(halfSent("/api/admin/v1/schema"));
        }
      }
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        assertThat(get("/probes/liveness", "").status()).isEqualTo(200);
      }
      try (RawConnection stream = new RawConnection(server.uri(), SOON)) {
        stream.send(
            head("POST", "/sync/stream", user("served") + IS_JSON + "Content-Length: 2\n"), body);
        assertThat(stream.head().status()).isEqualTo(200);
      }
      assertThat(get("/write-checkpoint2.json", user("meanwhile")).status()).isEqualTo(200);
      assertThat(post("/api/admin/v1/diagnostics", ADMIN + IS_JSON, "{}").status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("what thirteen requests take meanwhile")
          .isLessThan(Duration.ofSeconds(5));
      for (RawConnection connection : slow) {
        assertThat(connection.send("", body).head().status()).isIn(400, 401);
      }
    } finally {
      for (RawConnection connection : slow) {
        connection.close();
      }
    }
  }

  private static RawConnection halfSent(String path) throws IOException {
    return new RawConnection(server.uri(), SOON)
        .send(head("POST", path, IS_JSON + "Content-Length: 2\n"), NOTHING);
  }

  private static boolean turnedAway(RawConnection connection) {
    return answered(connection, 429);
  }

  /** Whether there is an answer; it is to have this status, and no body if it is a refusal. */
  private static boolean answered(RawConnection connection, int status) {
    try {
      RawConnection.Head head = connection.head();
      assertThat(head.status()).isEqualTo(status);
      assertThat(head.header("Access-Control-Allow-Origin")).contains("*");
      if (status == 429) {
        assertThat(connection.body(head)).isEmpty();
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Tag("http-cors")
  @Test
  void browsersMayReadEveryAnswer() throws Exception {
    String origin = "Origin: http://localhost:3000\n";
    String asked = "Access-Control-Request-Method: POST\n";
    Answer preflight =
        send(
            "OPTIONS",
            "/sync/stream",
            origin
                + asked
                + "Access-Control-Request-Headers: authorization,content-type,x-user-agent\n",
            NOTHING);
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.head().headers())
        .containsEntry("access-control-allow-origin", "*")
        .containsEntry("access-control-allow-methods", "GET,HEAD,POST")
        .containsEntry("access-control-expose-headers", "Content-Type")
        .containsEntry("access-control-max-age", "3600")
        .doesNotContainKey("access-control-allow-credentials");
    for (String lacking : List.of(origin, asked, "")) {
      Answer refused = send("OPTIONS", "/sync/stream", lacking, NOTHING);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.head().header("Content-Type").orElseThrow()).startsWith("text/plain");
    }
    for (Answer answer :
        List.of(
            get("/probes/liveness", ""),
            get("/nothing", ""),
            get("/write-checkpoint2.json", ""),
            post("/sync/stream", IS_JSON, "{"),
            post("/sync/stream", IS_JSON, "{}"))) {
      assertThat(answer.head().headers())
          .containsEntry("access-control-allow-origin", "*")
          .containsEntry("access-control-expose-headers", "Content-Type")
          .doesNotContainKey("access-control-allow-methods");
    }
  }

  @Tag("http-probes")
  @ParameterizedTest
  @ValueSource(strings = {"startup", "readiness", "liveness"})
  void probesSayThreeThings(String probe) throws Exception {
    Answer answer = get("/probes/" + probe, "");
    assertThat(answer.status()).isEqualTo(200);
    JsonNode state = answer.json();
    assertThat(state.properties()).hasSize(3);
    assertThat(state.get("ready").asBoolean()).isTrue();
    assertThat(state.get("started").asBoolean()).isTrue();
    String touched = state.get("touched_at").asText();
    assertThat(touched).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(Instant.parse(touched)).isAfter(Instant.now().minusSeconds(10));
  }

  @Test
  void veryOldClientsGetTheCheckpointAsText() throws Exception {
    JsonNode answer = get("/write-checkpoint.json?client_id=old", user("old")).json();
    assertThat(answer.at("/data/checkpoint").isTextual()).isTrue();
    assertThat(answer.at("/data/checkpoint").asText()).matches("[1-9][0-9]*");
    assertThat(answer.get("data").size()).isEqualTo(1);
  }

  @Tag("auth-all-algorithms")
  @Tag("auth-kid-rules")
  @Test
  void tokensOfEveryAlgorithmAreVerified() throws Exception {
    long now = Instant.now().getEpochSecond();
    String claims =
        "{\"sub\":\"signed\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d}"
            .formatted(Tokens.AUDIENCE, now, now + 300);
    for (String algorithm : ALGORITHMS) {
      String token = KEYS.get(algorithm).token(algorithm, claims);
      assertThat(writeCheckpoint(token).status()).as(algorithm).isEqualTo(200);
      String other = algorithm.equals("HS256") ? "RS256" : "HS256";
      for (String forged :
          List.of(
              KEYS.get(algorithm).token(other, claims),
              SigningKey.of("ES256").token(algorithm, claims))) {
        Answer refused = writeCheckpoint(forged);
        assertThat(refused.status()).as(algorithm).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("PSYNC_S2101");
        assertThat(refused.json().at("/error/name").asText()).isEqualTo("AuthorizationError");
        assertThat(refused.body()).doesNotContain("signed").doesNotContain(algorithm);
      }
    }
  }

  private static Answer writeCheckpoint(String token) throws IOException {
    return get("/write-checkpoint2.json", "Authorization: Bearer " + token + "\n");
  }
}
