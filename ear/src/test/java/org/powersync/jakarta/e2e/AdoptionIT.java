package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.fixture.Await;

/**
 * Storage that the reference left behind, taken over by the EAR: clients go on without a re-sync,
 * and new changes arrive. The folder is the system property {@code vectors.adoption}.
 */
class AdoptionIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LINE = Duration.ofSeconds(60);

  @Test
  void clientsOfAnotherImplementationGoOn() throws IOException {
    int passed = 0;
    List<String> failed = new ArrayList<>();
    for (Path recording : recordings()) {
      try (AdoptedInstallation adopted = new AdoptedInstallation(recording)) {
        Optional<String> difference = difference(adopted);
        difference.ifPresent(text -> failed.add(recording.getFileName() + ": " + text));
        passed += difference.isEmpty() ? 1 : 0;
      }
    }
    System.out.printf("vectors: %d passed, %d failed, 0 not supported%n", passed, failed.size());
    assertThat(failed).isEmpty();
    assertThat(passed).isPositive();
  }

  private static Optional<String> difference(AdoptedInstallation adopted) {
    adopted.server.start();
    adopted.server.awaitReady();
    JsonNode clients = adopted.recorded.path("clients");
    Symbols symbols = new Symbols();
    Map<String, StreamConnection> connected = new HashMap<>();
    for (Map.Entry<String, JsonNode> client : clients.properties()) {
      StreamConnection stream = open(adopted, client.getValue(), client.getValue().path("holds"));
      connected.put(client.getKey(), stream);
      Optional<String> difference =
          compare(symbols, client.getValue().path("reconnect"), lines(stream));
      if (difference.isEmpty() && client.getValue().has("fresh")) {
        try (StreamConnection fresh = open(adopted, client.getValue(), JSON.createArrayNode())) {
          difference = compare(symbols, client.getValue().path("fresh"), lines(fresh));
        }
      }
      if (difference.isPresent()) {
        return difference.map(text -> client.getKey() + ": " + text);
      }
    }
    JsonNode continuation = adopted.recorded.path("continuation");
    adopted.inOneTransaction(continuation.path("sql"));
    long known = adopted.recorded.at("/state/op_id_sequence").asLong();
    for (String client : connected.keySet()) {
      JsonNode expected = renumbered(continuation.path(client), known);
      Optional<String> difference = compare(symbols, expected, lines(connected.get(client)));
      if (difference.isPresent()) {
        return difference.map(text -> "continuation, " + client + ": " + text);
      }
    }
    connected.values().forEach(StreamConnection::close);
    return sameStream(adopted);
  }

  /** Nothing was deployed or copied anew. */
  private static Optional<String> sameStream(AdoptedInstallation adopted) {
    JsonNode state = adopted.recorded.path("state");
    String expected = state.path("id") + " ACTIVE " + state.path("slot_name").asText();
    List<String> streams =
        adopted.storage.query(
            "SELECT id || ' ' || state || ' ' || slot_name FROM powersync.sync_rules");
    return streams.equals(List.of(expected))
        ? Optional.empty()
        : Optional.of("expected the stream " + expected + ", found " + streams);
  }

  @Test
  void completesAMigrationThatStoppedHalfWay() throws IOException {
    try (AdoptedInstallation adopted = new AdoptedInstallation(recordings().get(0))) {
      adopted.storage.execute(
          "ALTER TABLE powersync.source_tables DROP COLUMN source_metadata",
          "UPDATE powersync.migrations SET log = log - -1, last_run = log -> -2 ->> 'name'");
      Optional<String> difference = difference(adopted);
      assertThat(difference).isEmpty();
      assertThat(adopted.storage.query("SELECT last_run FROM powersync.migrations"))
          .containsExactly("1784900000000-source-metadata");
      assertThat(adopted.storage.query("SELECT count(*) FROM powersync.x_flyway_history"))
          .isNotEqualTo(List.of("0"));
    }
  }

  @Test
  void refusesASchemaThatIsNewer() throws Exception {
    try (AdoptedInstallation adopted = new AdoptedInstallation(recordings().get(0))) {
      adopted.storage.execute("UPDATE powersync.migrations SET last_run = '1999900000000-future'");
      adopted.server.start();
      Await.until(
          "health names the migration",
          LINE,
          () -> {
            var health = adopted.server.get("/health/ready");
            return health.statusCode() == 503 && health.body().contains("1999900000000-future");
          });
      assertThat(adopted.server.get("/probes/readiness").statusCode()).isEqualTo(400);
      assertThat(adopted.storage.query("SELECT last_run FROM powersync.migrations"))
          .containsExactly("1999900000000-future");
    }
  }

  private static StreamConnection open(
      AdoptedInstallation adopted, JsonNode client, JsonNode holds) {
    ObjectNode body = client.path("body").deepCopy();
    body.set("buckets", holds);
    StreamConnection stream =
        StreamConnection.open(
            adopted.server.uri(),
            "/sync/stream",
            body.toString(),
            Map.of("Authorization", "Token " + ScenarioTokens.make(client.path("token"))));
    assertThat(stream.status()).as("status, see " + adopted.server.output()).isEqualTo(200);
    return stream;
  }

  /** All lines up to the next completed checkpoint. */
  private static List<JsonNode> lines(StreamConnection stream) {
    List<JsonNode> lines = new ArrayList<>();
    while (lines.isEmpty() || !lines.get(lines.size() - 1).has("checkpoint_complete")) {
      Optional<StreamConnection.Event> event = stream.next(LINE);
      assertThat(event).as("a line after " + lines).isPresent();
      assertThat(event.get()).isInstanceOf(StreamConnection.Line.class);
      JsonNode line = ((StreamConnection.Line) event.get()).json();
      if (!line.has("token_expires_in")) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Data lines of one priority may come in any order: they are compared by bucket. */
  private static Optional<String> compare(
      Symbols symbols, JsonNode expected, List<JsonNode> actual) {
    List<JsonNode> wanted = new ArrayList<>();
    for (JsonNode line : expected) {
      // Decision A26: no partial completion for the sake of buckets that have nothing to send.
      if (line.has("checkpoint_complete")
          && !actual.isEmpty()
          && actual.size() < expected.size()
          && wanted.get(wanted.size() - 1).has("partial_checkpoint_complete")) {
        wanted.remove(wanted.size() - 1);
      }
      wanted.add(line);
    }
    ArrayNode sorted = JSON.createArrayNode();
    sorted.addAll(sortedData(wanted));
    return new LineMatcher(symbols).lines(sorted, sortedData(actual));
  }

  private static List<JsonNode> sortedData(List<JsonNode> lines) {
    List<JsonNode> sorted = new ArrayList<>();
    List<JsonNode> run = new ArrayList<>();
    for (JsonNode line : lines) {
      if (line.has("data")) {
        run.add(line);
        continue;
      }
      run.sort(Comparator.comparing(each -> each.at("/data/bucket").asText()));
      sorted.addAll(run);
      run.clear();
      sorted.add(line);
    }
    return sorted;
  }

  /** New operation ids may have gaps: they become symbols. */
  private static JsonNode renumbered(JsonNode node, long known) {
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(each -> array.add(renumbered(each, known)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      boolean id =
          List.of("op_id", "last_op_id", "after", "next_after").contains(member.getKey())
              && member.getValue().asLong() > known;
      object.set(
          member.getKey(),
          id
              ? object.textNode("#" + member.getValue().asText())
              : renumbered(member.getValue(), known));
    }
    return object;
  }

  private static List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.adoption")))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
