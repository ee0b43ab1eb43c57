package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Two thousand streams open on one node, each of a user of its own: everybody gets their own rows
 * and nothing else, and who has nothing to get hears nothing at all, not even of a checkpoint.
 */
class ManyStreamsIT {
  private static final Logger LOG = Logger.getLogger(ManyStreamsIT.class.getName());
  private static final int STREAMS = 2000;
  private static final int CONCERNED = 20;

  /** One that the first change does not concern. */
  private static final int ACKNOWLEDGED = 1500;

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG =
      """
      config:
        edition: 2
      bucket_definitions:
        by_owner:
          parameters: SELECT request.user_id() AS owner
          data:
            - SELECT id, body FROM notes WHERE owner = bucket.owner
      """;
  private static final String SETTINGS =
      "{\"api\": {\"parameters\": {\"max_concurrent_connections\": 2100}}}";

  @Test
  void everyOneOfTwoThousandStreamsGetsItsOwnRowsAndNothingElse() throws Exception {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("many_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("many_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, owner text, body text)",
        "INSERT INTO notes SELECT 'n' || n, 'u' || n, 'first' FROM generate_series(0, 1999) n",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    String settings =
        ServiceSettings.of(
            source.uri(), storage.uri(), Optional.of(CONFIG), JSON.readTree(SETTINGS));
    ExecutorService readers = Executors.newFixedThreadPool(32);
    List<StreamConnection> streams = new ArrayList<>();
    try (LibertyServer server =
        new LibertyServer("many", settings, Map.of("JVM_ARGS", "-Xmx512m"))) {
      server.start().awaitReady();
      awaitServed(server);
      long before = residentKilobytes(server);
      long heapBefore = liveHeapKilobytes(server);
      streams.addAll(each(readers, number -> open(server, number)));
      each(readers, number -> requireRow(streams.get(number), number, "first"));
      LOG.info(
          "%d open streams: the server's process went from %d to %d MiB, its live heap from %d to %d"
              .formatted(
                  STREAMS,
                  before / 1024,
                  residentKilobytes(server) / 1024,
                  heapBefore / 1024,
                  liveHeapKilobytes(server) / 1024));

      source.execute("UPDATE notes SET body = 'some' WHERE substr(owner, 2)::int < " + CONCERNED);
      for (int number = 0; number < CONCERNED; number++) {
        requireChange(streams.get(number), number, "some");
      }
      requestWriteCheckpoint(server, ACKNOWLEDGED);
      requireAcknowledgement(streams.get(ACKNOWLEDGED));
      source.execute("UPDATE notes SET body = 'all'");
      // Neither the first change nor the acknowledgement gave the others a line.
      each(readers, number -> requireChange(streams.get(number), number, "all"));
    } finally {
      streams.forEach(StreamConnection::close);
      readers.shutdownNow();
    }
  }

  private static void awaitServed(LibertyServer server) {
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = connect(server, 0)) {
            return stream.status() == 200;
          }
        });
  }

  private static StreamConnection open(LibertyServer server, int number) {
    StreamConnection stream = connect(server, number);
    assertThat(stream.status()).as("stream %d", number).isEqualTo(200);
    return stream;
  }

  private static StreamConnection connect(LibertyServer server, int number) {
    return StreamConnection.ofUser(server.uri(), "u" + number, "{\"raw_data\":true}");
  }

  /** Reads to the next completion that brings data: one operation, on the user's own row. */
  private static Void requireRow(StreamConnection stream, int number, String body) {
    List<JsonNode> operations = new ArrayList<>();
    while (operations.isEmpty()) {
      for (JsonNode line : StreamLines.sync(stream)) {
        line.at("/data/data").forEach(operations::add);
      }
    }
    assertThat(operations).as("stream %d", number).hasSize(1);
    assertThat(operations.get(0).get("object_id").asText()).isEqualTo("n" + number);
    assertThat(operations.get(0).get("data").asText()).contains("\"body\":\"" + body + "\"");
    return null;
  }

  /** Reads what a change of the user's own row gives: three lines and none before them. */
  private static Void requireChange(StreamConnection stream, int number, String body) {
    List<JsonNode> lines = StreamLines.sync(stream);
    String bucket = lines.get(0).at("/checkpoint_diff/updated_buckets/0/bucket").asText();
    assertThat(StreamLines.shape(lines))
        .as("stream %d", number)
        .containsExactly(
            "checkpoint_diff", "data " + bucket + " [n" + number + "]", "checkpoint_complete");
    assertThat(lines.get(0).at("/checkpoint_diff/updated_buckets")).hasSize(1);
    assertThat(lines.get(0).at("/checkpoint_diff/removed_buckets")).isEmpty();
    assertThat(lines.get(1).at("/data/data/0/data").asText()).contains("\"body\":\"" + body + "\"");
    return null;
  }

  private static void requestWriteCheckpoint(LibertyServer server, int number) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/write-checkpoint2.json"))
            .header("Authorization", "Token " + Tokens.user("u" + number))
            .timeout(SOON)
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }

  /** The one case in which a stream hears of a checkpoint that changed none of its buckets. */
  private static void requireAcknowledgement(StreamConnection stream) {
    List<JsonNode> lines = StreamLines.sync(stream);
    assertThat(StreamLines.shape(lines)).containsExactly("checkpoint_diff", "checkpoint_complete");
    JsonNode diff = lines.get(0).get("checkpoint_diff");
    assertThat(diff.get("write_checkpoint").asText()).isEqualTo("1");
    assertThat(diff.get("updated_buckets")).isEmpty();
    assertThat(diff.get("removed_buckets")).isEmpty();
  }

  private interface Work<T> {
    T of(int number) throws Exception;
  }

  private static <T> List<T> each(ExecutorService threads, Work<T> work) throws Exception {
    List<Callable<T>> calls = new ArrayList<>();
    for (int number = 0; number < STREAMS; number++) {
      int own = number;
      calls.add(() -> work.of(own));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> done : threads.invokeAll(calls)) {
      results.add(done.get());
    }
    return results;
  }

  /** Of the server's process, as Linux counts it; 0 elsewhere. */
  private static long residentKilobytes(LibertyServer server) {
    return residentKilobytes(largestProcess(server));
  }

  /** A script may stand before the server's own process. */
  private static long largestProcess(LibertyServer server) {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    return Stream.concat(Stream.of(process), process.descendants())
        .map(ProcessHandle::pid)
        .max(Comparator.comparing(ManyStreamsIT::residentKilobytes))
        .orElseThrow();
  }

  /** After a collection: the last line of the JDK's histogram of objects; 0 without that tool. */
  private static long liveHeapKilobytes(LibertyServer server) throws Exception {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(tool)) {
      return 0;
    }
    Process histogram =
        new ProcessBuilder(
                tool.toString(), Long.toString(largestProcess(server)), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = histogram.inputReader()) {
      return lines
          .lines()
          .filter(line -> line.startsWith("Total"))
          .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]) / 1024)
          .sum();
    }
  }

  private static long residentKilobytes(long pid) {
    Path status = Path.of("/proc/" + pid + "/status");
    try (Stream<String> lines = Files.exists(status) ? Files.lines(status) : Stream.empty()) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
