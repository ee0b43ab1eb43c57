package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** The conformance cases of the sync API that need routes, by their names, on the deployed EAR. */
class SyncCasesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BSON = "application/vnd.powersync.bson-stream";
  private static final String NDJSON = "application/x-ndjson";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String CONFIG =
      """
      replication:
        connections:
          - type: postgresql
            uri: !env PS_DATA_SOURCE_URI
            sslmode: disable
      storage:
        type: postgresql
        uri: !env PS_STORAGE_SOURCE_URI
        sslmode: disable
      client_auth:
        audience: [%s]
        jwks:
          keys:
            - kty: oct
              alg: HS256
              kid: bench
              k: %s
      telemetry:
        disable_telemetry_sharing: true
        prometheus_port: %d
      api:
        parameters:
          max_concurrent_connections: 5
      sync_config:
        content: |
          bucket_definitions:
            all_notes:
              data:
                - SELECT * FROM notes
      """;

  private static int metricsPort;
  private static TestPostgres.Database source;
  private static LibertyServer server;

  @BeforeAll
  static void start() throws IOException {
    source = TestPostgres.shared().createDatabase("cases_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("cases_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "CREATE PUBLICATION powersync FOR TABLE notes",
        "INSERT INTO notes VALUES ('n1', 'alpha'), ('n2', 'beta')");
    try (ServerSocket free = new ServerSocket(0)) {
      metricsPort = free.getLocalPort();
    }
    server =
        new LibertyServer(
                "cases",
                CONFIG.formatted(Tokens.AUDIENCE, Tokens.KEY_BASE64URL, metricsPort),
                Map.of("PS_DATA_SOURCE_URI", source.uri(), "PS_STORAGE_SOURCE_URI", storage.uri()))
            .start()
            .awaitReady();
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = open(Map.of())) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String token(String user) {
    return "Token " + Tokens.user(user);
  }

  /** A stream; asks again while the places of streams just closed are not free yet. */
  private static StreamConnection open(Map<String, String> headers) {
    AtomicReference<StreamConnection> accepted = new AtomicReference<>();
    Await.until(
        "a place is free",
        SOON,
        () -> {
          StreamConnection stream = openOnce(headers);
          accepted.set(stream);
          if (stream.status() == 429) {
            stream.close();
            return false;
          }
          return true;
        });
    return accepted.get();
  }

  private static StreamConnection openOnce(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", token("ann"));
    return StreamConnection.open(server.uri(), "/sync/stream", "{\"raw_data\":true}", all);
  }

  private static JsonNode line(StreamConnection stream, String type) {
    for (StreamConnection.Event event = next(stream); ; event = next(stream)) {
      assertThat(event).isInstanceOf(StreamConnection.Line.class);
      JsonNode line = ((StreamConnection.Line) event).json();
      if (line.has(type)) {
        return line.get(type);
      }
    }
  }

  private static StreamConnection.Event next(StreamConnection stream) {
    return stream.next(SOON).orElseThrow(() -> new AssertionError("no line in time"));
  }

  private static HttpResponse<String> send(
      String method, String path, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path)).timeout(SOON).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode error(HttpResponse<String> response) throws IOException {
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("status").asInt()).isEqualTo(response.statusCode());
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    return error;
  }

  @Tag("http-accept-matrix")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | ndjson",
        "*/* | ndjson",
        "application/json | ndjson",
        "application/x-ndjson | ndjson",
        "application/vnd.powersync.bson-stream | bson",
        "application/vnd.powersync.bson-stream;q=0.9,application/x-ndjson;q=0.8 | bson",
        "application/vnd.powersync.bson-stream;q=0.5,application/x-ndjson | ndjson",
        "application/vnd.powersync.bson-stream,application/x-ndjson | bson",
        "application/x-ndjson,application/vnd.powersync.bson-stream | ndjson",
        "application/vnd.powersync.bson-stream,*/* | bson",
        "application/vnd.powersync.bson-stream;q=0.5,*/* | ndjson",
        "text/html,application/vnd.powersync.bson-stream;q=0.1 | bson"
      })
  void httpAcceptMatrix(String accept, String format) {
    Map<String, String> headers = accept == null ? Map.of() : Map.of("Accept", accept);
    try (StreamConnection stream = open(headers)) {
      assertThat(stream.header("Content-Type")).contains(format.equals("bson") ? BSON : NDJSON);
      assertThat(line(stream, "checkpoint").get("last_op_id").isTextual()).isTrue();
      line(stream, "checkpoint_complete");
    }
  }

  @Tag("http-encoding-matrix")
  @Tag("http-line-latency")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | none",
        "identity | none",
        "br | none",
        "identity;q=0, br | none",
        "identity, gzip | none",
        "identity;q=1, gzip;q=0.5 | none",
        "gzip, identity | gzip",
        "gzip, * | zstd",
        "gzip | gzip",
        "gzip, deflate, br, zstd | zstd",
        "* | zstd",
        "gzip;q=1, zstd;q=0.5 | gzip",
        "zstd;q=0, gzip | gzip",
        "GZIP | gzip"
      })
  void httpEncodingMatrixAndLineLatency(String accepted, String coding) {
    Map<String, String> headers = accepted == null ? Map.of() : Map.of("Accept-Encoding", accepted);
    try (StreamConnection stream = open(headers)) {
      assertThat(stream.header("Content-Encoding").orElse("none")).isEqualTo(coding);
      assertThat(stream.header("X-Accel-Buffering")).contains("no");
      line(stream, "checkpoint_complete");
      String id = "latency " + accepted;
      source.execute(
          "INSERT INTO notes VALUES ('"
              + id
              + "', 'x') ON CONFLICT (id) DO UPDATE SET body ="
              + " notes.body || 'x'");
      // The last line comes without any other behind it.
      line(stream, "checkpoint_diff");
      line(stream, "checkpoint_complete");
    }
  }

  @Tag("http-bad-bodies")
  @Test
  void httpBadBodies() throws Exception {
    String json = "application/json";
    for (String[] bad :
        new String[][] {
          {"{ not json", json, "400"}, {"", json, "400"}, {"<a/>", "application/xml", "415"}
        }) {
      HttpResponse<String> response =
          send("POST", "/sync/stream", BodyPublishers.ofString(bad[0]), "Content-Type", bad[1]);
      assertThat(response.statusCode()).isEqualTo(Integer.parseInt(bad[2]));
      assertThat(error(response).get("code").asText()).startsWith("PSYNC_");
    }
    HttpResponse<String> large =
        send(
            "POST",
            "/sync/checkpoint-request",
            BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]),
            "Content-Type",
            json);
    assertThat(large.statusCode()).isEqualTo(413);
    for (String accepted : List.of("[]", "null")) {
      HttpResponse<String> response =
          send("POST", "/sync/stream", BodyPublishers.ofString(accepted), "Content-Type", json);
      assertThat(response.statusCode()).isEqualTo(401);
    }
    assertThat(send("POST", "/sync/stream", BodyPublishers.noBody()).statusCode()).isEqualTo(401);
  }

  @Tag("http-get-content-type")
  @Test
  void httpGetContentType() throws Exception {
    HttpResponse<String> response =
        send(
            "GET",
            "/write-checkpoint2.json?client_id=g",
            BodyPublishers.noBody(),
            "Content-Type",
            "application/json",
            "Authorization",
            token("getter"));
    assertThat(response.body()).isEqualTo("{\"data\":{\"write_checkpoint\":\"1\"}}");
  }

  @Tag("http-404")
  @Test
  void http404() throws Exception {
    for (String path : List.of("/nope", "/sync/stream", "/sync/stream/")) {
      HttpResponse<String> response = send("GET", path, BodyPublishers.noBody());
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(error(response).get("code").asText()).isEqualTo("PSYNC_S2002");
    }
  }

  @Tag("http-validation-before-auth")
  @Test
  void httpValidationBeforeAuth() throws Exception {
    String json = "application/json";
    HttpResponse<String> invalid =
        send(
            "POST",
            "/sync/stream",
            BodyPublishers.ofString("{\"buckets\":\"x\"}"),
            "Content-Type",
            json);
    assertThat(invalid.statusCode()).isEqualTo(400);
    HttpResponse<String> unauthorized =
        send("POST", "/sync/stream", BodyPublishers.ofString("{}"), "Content-Type", json);
    assertThat(unauthorized.statusCode()).isEqualTo(401);
    assertThat(error(unauthorized).get("code").asText()).isEqualTo("PSYNC_S2106");
  }

  @Tag("http-cors")
  @Test
  void httpCors() throws Exception {
    for (String path : List.of("/sync/stream", "/unknown")) {
      HttpResponse<String> preflight =
          send(
              "OPTIONS",
              path,
              BodyPublishers.noBody(),
              "Origin",
              "http://x",
              "Access-Control-Request-Method",
              "POST");
      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(preflight.headers().firstValue("Access-Control-Max-Age")).contains("3600");
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
          .contains("Content-Type, Authorization, User-Agent, X-User-Agent");
    }
    assertThat(send("OPTIONS", "/", BodyPublishers.noBody(), "Origin", "http://x").statusCode())
        .isEqualTo(400);
  }

  @Tag("http-metrics")
  @Test
  void httpMetrics() throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
    String page =
        HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    assertThat(page)
        .containsPattern("(?m)^powersync_concurrent_connections [0-9]+$")
        .containsPattern("(?m)^powersync_rows_replicated_total [0-9]+$")
        .contains("target_info{service=\"PowerSync\",service_version=\"");
    assertThat(
            HTTP.send(
                    HttpRequest.newBuilder(metrics.resolve("/other")).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(404);
  }

  @Tag("wc-generated-increments")
  @Test
  void wcGeneratedIncrements() throws Exception {
    for (String expected : List.of("1", "2", "3")) {
      assertThat(writeCheckpoint("?client_id=c1")).isEqualTo(expected);
    }
    assertThat(writeCheckpoint("")).isEqualTo("1");
  }

  private static String writeCheckpoint(String query) throws Exception {
    HttpResponse<String> response =
        send(
            "GET",
            "/write-checkpoint2.json" + query,
            BodyPublishers.noBody(),
            "Authorization",
            token("counting"));
    return JSON.readTree(response.body()).at("/data/write_checkpoint").asText();
  }

  @Tag("wc-request-returns-stored")
  @Test
  void wcRequestReturnsStored() throws Exception {
    assertThat(checkpointRequest("43")).isEqualTo("43");
    assertThat(checkpointRequest("42")).isEqualTo("43");
  }

  private static String checkpointRequest(String id) throws Exception {
    HttpResponse<String> response =
        send(
            "POST",
            "/sync/checkpoint-request",
            BodyPublishers.ofString(
                "{\"client_id\":\"c1\",\"checkpoint_request_id\":\"" + id + "\"}"),
            "Content-Type",
            "application/json",
            "Authorization",
            token("requesting"));
    return JSON.readTree(response.body()).at("/data/checkpoint_request_id").asText();
  }

  @Tag("limit-concurrent-streams")
  @Test
  void limitConcurrentStreams() {
    List<StreamConnection> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        Await.until("a place is free", SOON, () -> accepted(streams));
      }
      try (StreamConnection sixth = openOnce(Map.of())) {
        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.errorBody()).isEmpty();
        assertThat(sixth.header("Access-Control-Allow-Origin")).contains("*");
      }
    } finally {
      streams.forEach(StreamConnection::close);
    }
  }

  private static boolean accepted(List<StreamConnection> streams) {
    StreamConnection stream = openOnce(Map.of());
    if (stream.status() == 200) {
      streams.add(stream);
      return true;
    }
    stream.close();
    return false;
  }

  @Test
  void rsocketStreamWithFlowControl() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), "/any/path")) {
      client.setup(token("ann")).requestStream(1, 2, "/sync/stream", "{\"raw_data\":true}");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      client.keepAlive("hello");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE hello");
      client.requestMore(1, 1);
      assertThat(client.next(SOON)).matches("NEXT (checkpoint_complete|data|checkpoint_diff)");
      client.cancel(1).keepAlive("still here");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE still here");
    }
  }

  @Test
  void rsocketErrorsCarryTheirCode() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      client.setup("nothing");
      assertThat(client.next(SOON)).startsWith("ERROR 0 3 [PSYNC_S2106] ");
      assertThat(client.next(SOON)).isEqualTo("CLOSED");
    }
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      client.setup(token("ann")).requestStream(1, 1, "/other", "{}");
      assertThat(client.next(SOON)).startsWith("ERROR 1 201 [PSYNC_S2002] ");
      client.requestStream(3, 1, "/sync/stream", "{\"buckets\":1}");
      assertThat(client.next(SOON)).startsWith("ERROR 3 201 [PSYNC_S2001] ");
    }
  }

  @Test
  void socketsWithoutSetupKeepNobodyOutAndAreClosed() throws Exception {
    List<RSocketClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        silent.add(new RSocketClient(server.uri(), "/sync/stream"));
      }
      try (RSocketClient client = acceptedSocket()) {
        client.requestStream(1, 10, "/sync/stream", "{}");
        assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      }
      for (RSocketClient socket : silent) {
        assertThat(socket.next(Duration.ofSeconds(20))).isEqualTo("CLOSED");
      }
    } finally {
      silent.forEach(RSocketClient::close);
    }
  }

  @Test
  void aSocketBeyondTheLimitIsRefusedWhateverItsToken() throws Exception {
    List<RSocketClient> accepted = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        accepted.add(acceptedSocket());
      }
      for (String token : List.of(token("ann"), "nothing")) {
        try (RSocketClient sixth = new RSocketClient(server.uri(), "/sync/stream")) {
          sixth.setup(token);
          assertThat(sixth.next(SOON)).startsWith("ERROR 0 3 [PSYNC_S2304] ");
          assertThat(sixth.next(SOON)).isEqualTo("CLOSED");
        }
      }
      accepted.remove(0).close();
      accepted.add(acceptedSocket());
    } finally {
      accepted.forEach(RSocketClient::close);
    }
  }

  /** Asks again while the places of sockets just closed are not free yet. */
  private static RSocketClient acceptedSocket() {
    AtomicReference<RSocketClient> accepted = new AtomicReference<>();
    Await.until(
        "a place is free",
        SOON,
        () -> {
          RSocketClient client = new RSocketClient(server.uri(), "/sync/stream");
          accepted.set(client);
          client.setup(token("ann")).keepAlive("in");
          if (client.next(SOON).equals("KEEPALIVE in")) {
            return true;
          }
          client.close();
          return false;
        });
    return accepted.get();
  }

  @Test
  void hostileFramesEndTheirConnectionOnly() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 50; i++) {
      try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
        if (random.nextBoolean()) {
          client.setup(token("ann"));
        }
        byte[] frame = new byte[random.nextInt(200)];
        random.nextBytes(frame);
        client.send(frame).keepAlive("x");
        assertThat(client.next(SOON)).matches("(?s)(ERROR|KEEPALIVE|CLOSED|NEXT).*");
      }
    }
    assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenOfOneMegabyteIsRefused() throws Exception {
    HttpResponse<String> response =
        send(
            "POST",
            "/sync/stream",
            BodyPublishers.ofString("{}"),
            "Content-Type",
            "application/json",
            "Authorization",
            "Token " + "x".repeat(1 << 20));
    assertThat(response.statusCode()).isBetween(400, 499);
    assertThat(response.body()).doesNotContain("\tat ");
  }
}
