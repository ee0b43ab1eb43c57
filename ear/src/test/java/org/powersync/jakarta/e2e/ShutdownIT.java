package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.RawConnection;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** A process that is told to end while clients are connected (sync API section 3.14). */
class ShutdownIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] REQUEST = "{\"raw_data\":true}".getBytes(StandardCharsets.US_ASCII);

  /** Streams end one after the other, over some seconds. */
  private static final int STREAMS = 12;

  /** More than sockets and the service hold for a client that does not read. */
  private static final int ROWS = 20_000;

  private static LibertyServer server;

  @BeforeAll
  static void start() {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("shutdown_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("shutdown_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, owner text, body text)",
        "INSERT INTO notes SELECT 'n' || n, 'slow', repeat(md5(n::text), 40) FROM"
            + " generate_series(1, "
            + ROWS
            + ") n",
        "INSERT INTO notes VALUES ('other', 'ann', 'x')",
        "CREATE PUBLICATION powersync FOR ALL TABLES");
    server =
        new LibertyServer(
                "shutdown",
                ServiceSettings.of(
                    source.uri(),
                    storage.uri(),
                    Optional.of(
                        """
                        bucket_definitions:
                          own:
                            parameters: SELECT request.user_id() AS owner
                            data: [SELECT * FROM notes WHERE owner = bucket.owner]
                        """)),
                Map.of())
            .start()
            .awaitReady();
    Await.until(
        "a stream is served",
        SOON,
        () -> {
          try (StreamConnection stream = StreamConnection.ofUser(server.uri(), "ann", "{}")) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String head(String method, String path, String user) {
    return """
        %s %s HTTP/1.1
        Host: localhost
        Authorization: Token %s
        Content-Type: application/json
        Content-Length: %d

        """
        .formatted(method, path, Tokens.user(user), method.equals("POST") ? REQUEST.length : 0);
  }

  /** A connection that has been used, and stays open for the next request. */
  private static RawConnection used() throws Exception {
    RawConnection connection = new RawConnection(server.uri(), SOON);
    RawConnection.Head head =
        connection.send(head("GET", "/probes/liveness", "ann"), NOTHING).head();
    assertThat(connection.body(head)).contains("\"ready\":true");
    return connection;
  }

  private static RawConnection stream(RawConnection connection, String user) throws Exception {
    return connection.send(head("POST", "/sync/stream", user), REQUEST);
  }

  /** The service refuses new streams, and ends those it has at a line boundary, one by one. */
  @Tag("http-closing")
  @Test
  void newStreamsAreRefusedAndOpenOnesEndAtALineBoundary() throws Exception {
    List<StreamConnection> open = new ArrayList<>();
    try (RawConnection late = used();
        RawConnection slow = stream(RawConnection.narrow(server.uri(), SOON), "slow");
        RSocketClient socket = new RSocketClient(server.uri(), "/sync/stream")) {
      for (int i = 0; i < STREAMS; i++) {
        String coding = List.of("identity", "gzip", "zstd").get(i % 3);
        StreamConnection stream =
            StreamConnection.open(
                server.uri(),
                "/sync/stream",
                "{\"raw_data\":true}",
                Map.of("Authorization", "Token " + Tokens.user("ann"), "Accept-Encoding", coding));
        open.add(stream);
        StreamLines.sync(stream);
      }
      socket.setup("Token " + Tokens.user("ann")).requestStream(1, 10, "/sync/stream", "{}");
      while (!socket.next(SOON).equals("NEXT checkpoint_complete")) {
        assertThat(socket.line()).isNotNull();
      }
      assertThat(slow.head().status()).isEqualTo(200);

      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
      List<StreamConnection> others = new ArrayList<>(open);
      Await.until(
          "a stream has ended",
          SOON,
          () -> others.removeIf(stream -> ended(stream, Duration.ZERO)));
      // The process still listens, so that a probe sees what it is up to.
      assertThat(server.get("/probes/readiness").body()).contains("\"ready\":false");
      RawConnection.Head head = stream(late, "ann").head();
      assertThat(head.status()).isEqualTo(503);
      assertThat(head.header("Access-Control-Allow-Origin")).contains("*");
      JsonNode error = JSON.readTree(late.body(head)).get("error");
      assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2003");
      assertThat(error.get("status").asInt()).isEqualTo(503);

      List<String> frames =
          List.of(socket.requestStream(3, 10, "/sync/stream", "{}").next(SOON), socket.next(SOON));

      assertThat(others).isNotEmpty().allMatch(stream -> ended(stream, SOON));
      assertThat(frames)
          .contains("COMPLETE")
          .anyMatch(frame -> frame.startsWith("ERROR 3 201 [PSYNC_S2003] "));
      incomplete(slow);
      stopped.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } finally {
      open.forEach(StreamConnection::close);
    }
  }

  /** Whether the body has ended; if so, regularly. */
  private static boolean ended(StreamConnection stream, Duration patience) {
    Optional<StreamConnection.Event> event = stream.next(patience);
    while (event.isPresent() && event.get() instanceof StreamConnection.Line line) {
      assertThat(line.json().has("token_expires_in")).as(line.text()).isTrue();
      event = stream.next(patience);
    }
    event.ifPresent(end -> assertThat(end).isEqualTo(new StreamConnection.End(true)));
    return event.isPresent();
  }

  /** What a client that was reading its rows gets: whole lines, and no completion. */
  private static void incomplete(RawConnection slow) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = slow.chunk(); chunk.length > 0; chunk = slow.chunk()) {
      body.writeBytes(chunk);
    }
    String text = body.toString(StandardCharsets.UTF_8);
    assertThat(text).startsWith("{\"checkpoint\":").endsWith("\n");
    int rows = 0;
    for (String line : text.lines().toList()) {
      JsonNode json = JSON.readTree(line);
      assertThat(json.has("checkpoint_complete")).isFalse();
      rows += json.at("/data/data").size();
    }
    assertThat(rows).isBetween(1, ROWS - 1);
  }
}
