package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;
import org.powersync.jakarta.server.ServerOverride;

/**
 * The log of the deployed service as {@code system.logging} asks for it, and what it says of a
 * stream (configuration section 10, sync API section 7.3).
 */
class StreamLogIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG =
      """
      config:
        edition: 2
      bucket_definitions:
        notes:
          data:
            - SELECT id, body FROM notes
      """;

  @Test
  void everyCheckpointOfAStreamIsInTheLogButNoRowOrToken() throws Exception {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("log_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("log_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "INSERT INTO notes VALUES ('n1', 'a secret row')",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    String settings =
        ServiceSettings.of(
            source.uri(),
            storage.uri(),
            Optional.of(CONFIG),
            JSON.readTree(
                "{\"system\": {\"logging\": {\"level\": \"verbose\", \"format\": \"json\"}}}"));
    String token = Tokens.user("ann");
    try (LibertyServer server = new LibertyServer("log", settings, Map.of())) {
      Path console = server.output().resolve("console.log");
      Files.deleteIfExists(console);
      server.start().awaitReady();
      // The level of a logger is in force some seconds after its first use.
      Await.until(
          "levels are in force",
          SOON,
          () ->
              followChange(source, server, Tokens.user("early"))
                  && !messages(lines(console), "verbose").isEmpty());

      assertThat(followChange(source, server, token)).isTrue();
      disconnect(server, "ann");
      Await.until(
          "the end is in the log",
          SOON,
          () ->
              ofAnn(lines(console), "info").stream()
                  .anyMatch(text -> text.startsWith("Sync stream ended")));
      List<JsonNode> lines = lines(console);
      assertThat(messages(lines, "info")).contains("Log level: verbose");
      assertThat(ofAnn(lines, "info"))
          .anyMatch(text -> text.startsWith("Sync stream started"))
          .anyMatch(text -> text.startsWith("Sync stream ended") && text.contains("remove=0"));
      assertThat(ofAnn(lines, "verbose"))
          .anyMatch(
              text -> text.startsWith("Checkpoint: ") && text.contains("bucket_names=[1#notes[]]"))
          .anyMatch(text -> text.startsWith("Checkpoint: ") && text.contains("updated=[1#notes[]]"))
          .anyMatch(
              text -> text.startsWith("Checkpoint complete") && text.contains(" operations=1 "));
      assertThat(messages(lines, "verbose"))
          .anyMatch(
              text ->
                  text.startsWith("Request: rid=h/")
                      && text.contains("path=/api/admin/v1/disconnect")
                      && text.contains("status=200"));
      assertThat(Files.readString(console)).doesNotContain("secret row").doesNotContain(token);
    }
  }

  @Test
  void withoutALevelTheTraceSpecificationOfTheServerStaysInForce() throws Exception {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("trace_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("trace_storage");
    source.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
    String settings = ServiceSettings.of(source.uri(), storage.uri(), Optional.of(CONFIG));
    Map<String, String> environment =
        ServerOverride.environment(
            "trace",
            """
            <server>
              <logging traceSpecification="*=info:org.powersync.jakarta.web.*=fine"/>
            </server>
            """);
    try (LibertyServer server = new LibertyServer("trace", settings, environment)) {
      Path trace = server.output().resolve("logs/trace.log");
      Files.deleteIfExists(trace);
      server.start().awaitReady();
      // Loggers are given levels again and again where the configuration has one.
      long end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
      while (System.nanoTime() < end) {
        long before = tracedRequests(trace);
        server.get("/probes/startup");
        Await.until("the request is traced", SOON, () -> tracedRequests(trace) > before);
      }
    }
  }

  private static long tracedRequests(Path trace) throws IOException {
    try (Stream<String> lines = Files.lines(trace)) {
      return lines.filter(line -> line.contains(" route=/probes/startup ")).count();
    }
  }

  /** Opens a stream, follows one change and closes it; false when it is not served yet. */
  private static boolean followChange(
      TestPostgres.Database source, LibertyServer server, String token) {
    try (StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            "/sync/stream",
            "{\"raw_data\":true}",
            Map.of("Authorization", "Token " + token))) {
      if (stream.status() != 200) {
        return false;
      }
      StreamLines.sync(stream);
      source.execute("UPDATE notes SET body = body || '.'");
      StreamLines.sync(stream);
      return true;
    }
  }

  /** The service would notice the closed connection only at a keepalive. */
  private static void disconnect(LibertyServer server, String user)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri().resolve("/api/admin/v1/disconnect"))
                    .header("Authorization", "Token admin-token-1")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"user_id\": \"" + user + "\"}"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static List<String> messages(List<JsonNode> lines, String level) {
    return lines.stream()
        .filter(line -> line.get("level").textValue().equals(level))
        .map(line -> line.get("message").textValue())
        .toList();
  }

  private static List<String> ofAnn(List<JsonNode> lines, String level) {
    return messages(lines, level).stream().filter(text -> text.contains("user_id=ann ")).toList();
  }

  /** The product's lines; the server writes its own ones in its own form. */
  private static List<JsonNode> lines(Path console) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(console)) {
      if (line.startsWith("{")) {
        try {
          lines.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
          throw new IllegalStateException("not a line of JSON: " + line, e);
        }
      }
    }
    return lines;
  }
}
