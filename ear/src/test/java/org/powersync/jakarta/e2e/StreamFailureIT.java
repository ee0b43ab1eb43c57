package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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

/** Sync streams whose storage fails: before their first line, and in the middle of their data. */
class StreamFailureIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** More than sockets and the service hold for a client that does not read. */
  private static final int ROWS = 20_000;

  private static TestPostgres.Database source;
  private static TestPostgres.Database storage;
  private static LibertyServer server;
  private boolean broken;

  @BeforeAll
  static void start() throws Exception {
    source = TestPostgres.shared().createDatabase("failure_source");
    storage = TestPostgres.shared().createDatabase("failure_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT 'n' || n, repeat(md5(n::text), 40) FROM generate_series(1, "
            + ROWS
            + ") n",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    server =
        new LibertyServer(
                "failure",
                ServiceSettings.of(
                    source.uri(),
                    storage.uri(),
                    Optional.of(
                        "bucket_definitions:\n  notes:\n    data: [SELECT * FROM notes]\n")),
                Map.of())
            .start()
            .awaitReady();
    Await.until(
        "a stream is served",
        SOON,
        () -> {
          try (StreamConnection stream = open("identity")) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /**
   * There is a checkpoint now whose checksums nobody has asked for yet, and that changed more than
   * the process remembers of its own transactions.
   */
  private static void changeWithoutStream() throws Exception {
    Await.until("streams of clients that are gone have ended", SOON, () -> endedStreams() == 0);
    long before = lastCheckpoint();
    source.execute(
        "UPDATE notes SET body = body || '.' WHERE id IN (SELECT id FROM notes LIMIT 2000)");
    Await.until("the change is in storage", SOON, () -> lastCheckpoint() > before);
  }

  /** Ends all streams; how many there were. */
  private static int endedStreams() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/api/admin/v1/disconnect"))
            .header("Authorization", "Token admin-token-1")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"user_id\": \"ann\"}"))
            .build();
    String answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return JSON.readTree(answer).at("/data/streams").asInt(-1);
  }

  private static long lastCheckpoint() throws SQLException {
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT max(last_checkpoint) FROM powersync.sync_rules")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** From now on the data of buckets cannot be read. */
  private void breakStorage() {
    storage.execute("ALTER TABLE powersync.bucket_data RENAME TO bucket_data_away");
    broken = true;
  }

  @AfterEach
  void repairStorage() {
    if (broken) {
      storage.execute("ALTER TABLE powersync.bucket_data_away RENAME TO bucket_data");
      broken = false;
    }
  }

  private static String token() {
    return "Token " + Tokens.user("ann");
  }

  private static StreamConnection open(String coding) {
    return StreamConnection.open(
        server.uri(),
        "/sync/stream",
        "{\"raw_data\":true}",
        Map.of("Authorization", token(), "Accept-Encoding", coding));
  }

  /** The service goes on, and the next stream gets everything. */
  private void everythingIsServedAgain() throws Exception {
    repairStorage();
    assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
    Await.until(
        "a whole checkpoint is served",
        SOON,
        () -> {
          try (StreamConnection stream = open("identity")) {
            int rows = 0;
            while (stream.status() == 200) {
              StreamConnection.Event event = stream.next(SOON).orElseThrow();
              if (!(event instanceof StreamConnection.Line line)) {
                return false;
              }
              if (line.json().has("checkpoint_complete")) {
                return rows >= ROWS;
              }
              rows += line.json().at("/data/data").size();
            }
            return false;
          }
        });
  }

  @Tag("http-error-before-data")
  @Test
  void anErrorBeforeTheFirstLineIsADocument() throws Exception {
    changeWithoutStream();
    breakStorage();
    for (String coding : List.of("identity", "gzip", "zstd")) {
      try (StreamConnection stream = open(coding)) {
        assertThat(stream.status()).as(coding).isEqualTo(500);
        assertThat(stream.header("Content-Encoding")).isEmpty();
        assertThat(stream.header("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(stream.header("Access-Control-Allow-Origin")).contains("*");
        JsonNode error = JSON.readTree(stream.errorBody()).get("error");
        assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2001");
        assertThat(error.get("status").asInt()).isEqualTo(500);
        assertThat(error.toString()).doesNotContain("bucket_data");
      }
    }
    everythingIsServedAgain();
  }

  /**
   * The body ends behind a whole line, without completion: the server offers no way to break a
   * connection off (decision 0014).
   */
  @Tag("http-error-mid-stream")
  @Test
  void anErrorInTheMiddleOfTheDataEndsTheBodyWithoutCompletion() throws Exception {
    byte[] request = "{\"raw_data\":true}".getBytes(StandardCharsets.US_ASCII);
    try (RawConnection connection = RawConnection.narrow(server.uri(), SOON)) {
      connection.send(
          """
          POST /sync/stream HTTP/1.1
          Host: localhost
          Authorization: %s
          Content-Type: application/json
          Content-Length: %d

          """
              .formatted(token(), request.length),
          request);
      RawConnection.Head head = connection.head();
      assertThat(head.status()).isEqualTo(200);
      breakStorage();
      List<String> lines = lines(connection);

      assertThat(JSON.readTree(lines.get(0)).has("checkpoint")).isTrue();
      int rows = 0;
      for (String line : lines.subList(1, lines.size())) {
        JsonNode chunk = JSON.readTree(line).get("data");
        assertThat(chunk.get("has_more").asBoolean()).isTrue();
        rows += chunk.get("data").size();
      }
      assertThat(rows).isBetween(1, ROWS - 1_000);
    }
    everythingIsServedAgain();
  }

  /** All lines to the end of the body; the last one is to be whole. */
  private static List<String> lines(RawConnection connection) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = connection.chunk(); chunk.length > 0; chunk = connection.chunk()) {
      body.writeBytes(chunk);
    }
    String text = body.toString(StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n");
    return text.lines().toList();
  }

  @Test
  void anErrorInTheMiddleOfTheDataIsTheLastFrameOfARSocketStream() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      client.setup(token()).requestStream(1, 2, "/sync/stream", "{\"raw_data\":true}");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      breakStorage();
      client.requestMore(1, 1000);
      String frame = client.next(SOON);
      while (frame.equals("NEXT data")) {
        frame = client.next(SOON);
      }
      assertThat(frame).startsWith("ERROR 1 201 [PSYNC_S2001] ").doesNotContain("bucket_data");
      client.keepAlive("and then");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE and then");
    }
    everythingIsServedAgain();
  }
}
