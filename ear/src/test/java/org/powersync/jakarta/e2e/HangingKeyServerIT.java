package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * A key server that takes connections and never answers. Clients whose key it would have to give
 * wait for it; nobody else does.
 */
class HangingKeyServerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int WAITING = 100;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String CONFIG =
      """
      bucket_definitions:
        all_notes:
          data:
            - SELECT * FROM notes
      """;

  private static ServerSocket keyServer;
  private static LibertyServer server;

  @BeforeAll
  static void start() throws IOException {
    // The system takes connections for it, and nobody ever reads them.
    keyServer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TestPostgres.Database source = TestPostgres.shared().createDatabase("hanging_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("hanging_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "CREATE PUBLICATION powersync FOR TABLE notes",
        "INSERT INTO notes VALUES ('n1', 'alpha')");
    String changes =
        "{\"client_auth\":{\"jwks_uri\":\"http://127.0.0.1:%d/keys\"}}"
            .formatted(keyServer.getLocalPort());
    server =
        new LibertyServer(
                "hanging",
                ServiceSettings.of(
                    source.uri(),
                    storage.uri(),
                    Optional.of(CONFIG),
                    new ObjectMapper().readTree(changes)),
                Map.of())
            .start()
            .awaitReady();
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = stream()) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    keyServer.close();
  }

  private static StreamConnection stream() {
    return StreamConnection.ofUser(server.uri(), "ann", "{\"raw_data\":true}");
  }

  /** Well-formed, and signed with a key that only the key server could know. */
  private static String unknownKey() {
    return "Token "
        + base64url("{\"alg\":\"RS256\",\"kid\":\"elsewhere\"}")
        + "."
        + base64url("{\"sub\":\"bob\"}")
        + "."
        + base64url("signature");
  }

  private static String base64url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoWaitsForKeysHoldsUpNobodyElse() throws Exception {
    List<RSocketClient> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < WAITING; i++) {
        sockets.add(new RSocketClient(server.uri(), "/sync/stream"));
      }
      sockets.forEach(socket -> socket.setup(unknownKey()));
      List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        requests.add(writeCheckpoint());
      }

      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
      }
      try (StreamConnection stream = stream()) {
        assertThat(StreamLines.line(stream).has("checkpoint")).isTrue();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("what ten probes and a stream take meanwhile")
          .isLessThan(Duration.ofSeconds(2));

      for (RSocketClient socket : sockets) {
        assertThat(socket.next(SOON)).startsWith("ERROR 0 3 [PSYNC_S2204] ");
        assertThat(socket.next(SOON)).isEqualTo("CLOSED");
      }
      for (CompletableFuture<HttpResponse<String>> request : requests) {
        assertThat(request.get().statusCode()).isEqualTo(401);
        assertThat(request.get().body()).contains("PSYNC_S2204");
      }
    } finally {
      sockets.forEach(RSocketClient::close);
    }
  }

  private static CompletableFuture<HttpResponse<String>> writeCheckpoint() {
    URI uri = server.uri().resolve("/write-checkpoint2.json");
    return HTTP.sendAsync(
        HttpRequest.newBuilder(uri).header("Authorization", unknownKey()).build(),
        BodyHandlers.ofString());
  }

  /** Clients send their first request without waiting, and it may be large. */
  @Test
  void aLargeRequestRightBehindSetupIsServed() throws Exception {
    StringBuilder buckets = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      buckets.append(i == 0 ? "" : ",");
      buckets.append("{\"name\":\"1#gone[\\\"").append(i).append("\\\"]\",\"after\":\"1\"}");
    }
    String request = "{\"raw_data\":true,\"buckets\":[" + buckets + "]}";
    assertThat(request.length()).isGreaterThan(100 << 10);
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      client
          .setup("Token " + Tokens.user("ann"))
          .requestStream(1, 10, "/sync/stream", request)
          .keepAlive("k");
      assertThat(client.next(SOON)).isIn("KEEPALIVE k", "NEXT checkpoint");
      assertThat(client.next(SOON)).isIn("KEEPALIVE k", "NEXT checkpoint", "NEXT data");
    }
  }
}
