package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RawStream;
import org.powersync.jakarta.client.Replica;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;
import org.powersync.jakarta.server.ServerOverride;

/**
 * Clients that stop reading and clients that vanish, against a server whose heap holds less than
 * what they leave unread together (reliability F10 and F11).
 */
class HostileClientsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);

  /** How long the good client waits for a commit at most. */
  private static final Duration PROMPT = Duration.ofSeconds(2);

  private static final int STALLED = 24;
  private static final int CUTS = 1000;
  private static final int MOST_BYTES = 300_000;
  private static final String BOUNDED = "-Xmx320m -XX:+ExitOnOutOfMemoryError";

  /** In place of the minute that operators get. */
  private static final String SHORT_WRITE_TIMEOUT =
      """
      <server>
        <httpEndpoint id="defaultHttpEndpoint"><httpOptions writeTimeout="10s"/></httpEndpoint>
      </server>
      """;

  private static final String CONFIG =
      """
      bucket_definitions:
        own:
          parameters: SELECT request.user_id() AS owner
          data:
            - SELECT id, body FROM notes WHERE owner = bucket.owner
        ticks:
          data:
            - SELECT id FROM ticks
      """;

  private static int metricsPort;
  private static TestPostgres.Database source;
  private static LibertyServer server;

  @BeforeAll
  static void start() throws IOException {
    source = TestPostgres.shared().createDatabase("hostile_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("hostile_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, owner text, body text)",
        "CREATE TABLE ticks (id text PRIMARY KEY)",
        "CREATE PUBLICATION powersync FOR ALL TABLES",
        "INSERT INTO notes SELECT 'large-' || n, 'greedy', repeat(md5(n::text), 1500)"
            + " FROM generate_series(1, 400) AS n",
        "INSERT INTO notes SELECT 'small-' || n, 'shaky', md5(n::text)"
            + " FROM generate_series(1, 5000) AS n");
    try (ServerSocket free = new ServerSocket(0)) {
      metricsPort = free.getLocalPort();
    }
    Map<String, String> environment =
        new HashMap<>(ServerOverride.environment("hostile", SHORT_WRITE_TIMEOUT));
    environment.put("JVM_ARGS", BOUNDED);
    ObjectNode metrics = JSON.createObjectNode();
    metrics.putObject("telemetry").put("prometheus_port", metricsPort);
    server =
        new LibertyServer(
                "hostile",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(CONFIG), metrics),
                environment)
            .start()
            .awaitReady();
    Await.until("streams can be opened", SOON, () -> !complete("ann").rows().containsKey("none"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void clientsThatStopReadingHoldUpNobodyAndAreCut() throws Exception {
    List<RawStream> stalled = new ArrayList<>();
    try (StreamConnection good = open("ann", new Replica(HostileClientsIT::content))) {
      StreamLines.sync(good);
      for (int i = 0; i < STALLED; i++) {
        RawStream stream =
            new RawStream(server.uri(), "greedy", "{\"raw_data\":true,\"buckets\":[]}", SOON);
        stalled.add(stream);
        // Into the first line of data.
        assertThat(stream.read(100_000)).hasSize(100_000);
      }
      Await.until("all are being served", SOON, () -> connections() == STALLED + 1);
      for (int tick = 1; tick <= 20; tick++) {
        source.execute("INSERT INTO ticks VALUES ('tick-" + tick + "')");
        awaitTick(good, "tick-" + tick);
      }
      Await.until("those that stopped are cut", SOON, () -> connections() == 1);
    } finally {
      for (RawStream stream : stalled) {
        stream.close();
      }
    }
    assertThat(server.get("/probes/liveness").statusCode()).isEqualTo(200);
  }

  private static void awaitTick(StreamConnection stream, String id) {
    while (true) {
      StreamConnection.Event event =
          stream
              .next(PROMPT)
              .orElseThrow(() -> new AssertionError(id + " does not arrive within " + PROMPT));
      assertThat(event).isInstanceOf(StreamConnection.Line.class);
      if (((StreamConnection.Line) event).text().contains('"' + id + '"')) {
        return;
      }
    }
  }

  @Test
  void aClientThatVanishesAThousandTimesEndsUpWithEverything() throws Exception {
    Random random = new Random(11);
    Replica replica = new Replica(HostileClientsIT::content);
    int completions = 0;
    for (int cut = 0; cut < CUTS; cut++) {
      if (cut % 50 == 0) {
        change(random);
      }
      try (RawStream stream = new RawStream(server.uri(), "shaky", request(replica), SOON)) {
        for (String line : stream.lines(random.nextInt(MOST_BYTES))) {
          if (replica.apply(JSON.readTree(line))) {
            completions++;
            replica = new Replica(HostileClientsIT::content);
          }
        }
      }
    }
    assertThat(completions).isPositive();
    Replica last = replica;
    Await.until(
        "the client has what the source has",
        SOON,
        () -> own(complete("shaky", last)).equals(sourceRows("shaky")));
  }

  private static void change(Random random) {
    source.execute(
        "UPDATE notes SET body = md5(body) WHERE id = 'small-" + random.nextInt(5000) + "'",
        "DELETE FROM notes WHERE id = 'small-" + random.nextInt(5000) + "'");
  }

  private static Map<String, String> sourceRows(String owner) {
    Map<String, String> rows = new HashMap<>();
    source
        .query("SELECT id || ' ' || body FROM notes WHERE owner = '" + owner + "'")
        .forEach(row -> rows.put("notes/" + row.split(" ")[0], row.split(" ")[1]));
    return rows;
  }

  private static Map<String, String> own(Replica replica) {
    Map<String, String> rows = new HashMap<>(replica.rows());
    rows.keySet().removeIf(key -> key.startsWith("ticks/"));
    return rows;
  }

  private static Replica complete(String user) {
    return complete(user, new Replica(HostileClientsIT::content));
  }

  /** Brings a client up to date. */
  private static Replica complete(String user, Replica replica) {
    try (StreamConnection stream = open(user, replica)) {
      assertThat(stream.status()).isEqualTo(200);
      for (JsonNode line : StreamLines.sync(stream)) {
        replica.apply(line);
      }
      return replica;
    }
  }

  private static StreamConnection open(String user, Replica replica) {
    return StreamConnection.ofUser(server.uri(), user, request(replica));
  }

  private static String request(Replica replica) {
    return "{\"raw_data\":true,\"include_checksum\":true,\"buckets\":" + replica.positions() + "}";
  }

  private static String content(ObjectNode row) {
    return row.path("body").asText();
  }

  private static int connections() throws IOException, InterruptedException {
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
                    .build(),
                BodyHandlers.ofString())
            .body();
    return page.lines()
        .filter(line -> line.startsWith("powersync_concurrent_connections "))
        .map(line -> (int) Double.parseDouble(line.split(" ")[1]))
        .findFirst()
        .orElseThrow();
  }
}
