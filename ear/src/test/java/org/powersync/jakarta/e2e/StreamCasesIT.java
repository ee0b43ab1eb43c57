package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.e2e.StreamLines.buckets;
import static org.powersync.jakarta.e2e.StreamLines.line;
import static org.powersync.jakarta.e2e.StreamLines.shape;
import static org.powersync.jakarta.e2e.StreamLines.silent;
import static org.powersync.jakarta.e2e.StreamLines.sync;
import static org.powersync.jakarta.e2e.StreamLines.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * The conformance cases of what a stream says, by their names, over HTTP on the deployed EAR with a
 * real source. Each case has rows of its own lane, which it names in a subscription: so one server
 * serves all of them. Op ids depend on the other cases and are compared with each other only.
 */
class StreamCasesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
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
      sync_config:
        content: |
          config:
            edition: 3
          streams:
            lane:
              query: SELECT id, body FROM notes WHERE lane = subscription.parameter('lane')
            mine:
              query: SELECT * FROM tasks WHERE owner IN (SELECT id FROM people WHERE id = auth.user_id())
            twice:
              query: SELECT * FROM tasks WHERE owner = auth.user_id() OR owner IN (SELECT id FROM people WHERE id = auth.user_id())
            todos:
              query: SELECT * FROM test WHERE id IN subscription.parameter('test_ids')
            assets:
              auto_subscribe: true
              query: SELECT * FROM assets WHERE id IN ifnull(subscription.parameter('ids'), '["default"]')
      """;

  private static TestPostgres.Database source;
  private static LibertyServer server;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("stream_cases_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("stream_cases_storage");
    source.execute(
        "CREATE TABLE notes (lane text, id text, body text, PRIMARY KEY (lane, id))",
        "CREATE TABLE tasks (id text PRIMARY KEY, owner text, title text)",
        "CREATE TABLE people (id text PRIMARY KEY)",
        "CREATE TABLE test (id text PRIMARY KEY, description text)",
        "CREATE TABLE assets (id text PRIMARY KEY)",
        "INSERT INTO assets VALUES ('default'), ('a'), ('b')",
        "CREATE PUBLICATION powersync FOR ALL TABLES");
    server =
        new LibertyServer(
                "stream-cases",
                CONFIG.formatted(Tokens.AUDIENCE, Tokens.KEY_BASE64URL),
                Map.of("PS_DATA_SOURCE_URI", source.uri(), "PS_STORAGE_SOURCE_URI", storage.uri()))
            .start()
            .awaitReady();
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = lane("none")) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static StreamConnection open(String user, String body, String... header) {
    return StreamConnection.open(
        server.uri(),
        "/sync/stream",
        body,
        header.length == 0
            ? Map.of("Authorization", "Token " + Tokens.user(user))
            : Map.of("Authorization", "Token " + Tokens.user(user), header[0], header[1]));
  }

  private static String request(String more, String... subscriptions) {
    return "{\"raw_data\":true,"
        + more
        + "\"streams\":{\"include_defaults\":false,\"subscriptions\":["
        + String.join(",", subscriptions)
        + "]}}";
  }

  private static String subscription(String stream, String parameters, Integer priority) {
    return "{\"stream\":\"%s\",\"parameters\":%s,\"override_priority\":%s}"
        .formatted(stream, parameters, priority);
  }

  private static String laneOf(String name, Integer priority) {
    return subscription("lane", "{\"lane\":\"" + name + "\"}", priority);
  }

  private static StreamConnection lane(String name) {
    return open("ann", request("", laneOf(name, null)));
  }

  private static String bucket(String lane) {
    return "1#lane|0[\"" + lane + "\"]";
  }

  private static void note(String lane, String id, String body) {
    source.execute(
        "INSERT INTO notes VALUES ('%s', '%s', '%s')".formatted(lane, id, body)
            + " ON CONFLICT (lane, id) DO UPDATE SET body = excluded.body");
  }

  private static void twoNotes(String lane) {
    source.execute(
        "INSERT INTO notes VALUES ('%1$s', 'n1', 'alpha'), ('%1$s', 'n2', 'beta')".formatted(lane));
    settle();
  }

  /** Returns when everything written to the source so far is in a checkpoint. */
  private static void settle() {
    String id = UUID.randomUUID().toString();
    try (StreamConnection stream = lane(id)) {
      note(id, id, "x");
      boolean seen = false;
      while (!seen) {
        seen = line(stream).at("/data/data/0/object_id").asText().equals(id);
      }
    }
  }

  @Tag("basic-two-rows")
  @Test
  void basicTwoRows() {
    twoNotes("two");
    try (StreamConnection stream = lane("two")) {
      List<JsonNode> lines = sync(stream);
      assertThat(shape(lines))
          .containsExactly(
              "checkpoint", "data " + bucket("two") + " [n1, n2]", "checkpoint_complete");
      JsonNode checkpoint = lines.get(0).get("checkpoint");
      assertThat(buckets(checkpoint.get("buckets")))
          .containsExactly(bucket("two") + " -781636032 2 p3 [{\"sub\":0}]");
      assertThat(checkpoint.get("streams").toString())
          .isEqualTo("[{\"name\":\"lane\",\"is_default\":false,\"errors\":[]}]");
      JsonNode data = lines.get(1).get("data");
      assertThat(texts(data.get("data"), "checksum")).containsExactly("2918241780", "595089484");
      assertThat(data.at("/data/0/data").isTextual()).isTrue();
      assertThat(data.get("after").asText()).isEqualTo("0");
      assertThat(data.get("has_more").asBoolean()).isFalse();
      assertThat(lines.get(2).at("/checkpoint_complete/last_op_id"))
          .isEqualTo(checkpoint.get("last_op_id"));
      silent(stream, Duration.ofSeconds(1));
    }
  }

  @Tag("basic-bson-equivalence")
  @Test
  void basicBsonEquivalence() {
    twoNotes("bson");
    String body = request("", laneOf("bson", null));
    try (StreamConnection text = open("ann", body);
        StreamConnection binary =
            open("ann", body, "Accept", "application/vnd.powersync.bson-stream")) {
      assertThat(binary.header("Content-Type")).contains("application/vnd.powersync.bson-stream");
      List<JsonNode> expected = sync(text);
      List<JsonNode> lines = sync(binary);
      assertThat(shape(lines)).isEqualTo(shape(expected));
      assertThat(lines.get(1).get("data").get("data").get(0).get("data").isTextual()).isTrue();
      assertThat(buckets(lines.get(0).at("/checkpoint/buckets")))
          .isEqualTo(buckets(expected.get(0).at("/checkpoint/buckets")));
    }
  }

  @Tag("basic-removal-shape")
  @Test
  void basicRemovalShape() {
    note("removal", "n1", "alpha");
    settle();
    try (StreamConnection stream = lane("removal")) {
      JsonNode put = sync(stream).get(1).at("/data/data/0");
      source.execute("DELETE FROM notes WHERE lane = 'removal'");
      List<JsonNode> lines = sync(stream);
      assertThat(shape(lines))
          .containsExactly(
              "checkpoint_diff", "data " + bucket("removal") + " [n1]", "checkpoint_complete");
      JsonNode remove = lines.get(1).at("/data/data/0");
      assertThat(remove.get("op").asText()).isEqualTo("REMOVE");
      assertThat(remove.get("object_type").asText()).isEqualTo("notes");
      assertThat(remove.get("subkey")).isEqualTo(put.get("subkey"));
      assertThat(remove.has("data")).isTrue();
      assertThat(remove.get("data").isNull()).isTrue();
      assertThat(remove.get("checksum").asLong()).isNotNegative();
    }
  }

  @Tag("basic-resume")
  @Tag("basic-resume-behind")
  @Tag("basic-unknown-client-bucket")
  @Test
  void basicResumeAndResumeBehindAndUnknownClientBucket() {
    twoNotes("resume");
    JsonNode data;
    try (StreamConnection stream = lane("resume")) {
      data = sync(stream).get(1).get("data");
    }
    String positions = "\"buckets\":[{\"name\":%s,\"after\":\"%s\"}],";
    String name = JSON.valueToTree(bucket("resume")).toString();
    try (StreamConnection stream =
        open(
            "ann",
            request(
                positions.formatted(name, data.get("next_after").asText()),
                laneOf("resume", null)))) {
      List<JsonNode> lines = sync(stream);
      assertThat(shape(lines)).containsExactly("checkpoint", "checkpoint_complete");
      assertThat(buckets(lines.get(0).at("/checkpoint/buckets")))
          .containsExactly(bucket("resume") + " -781636032 2 p3 [{\"sub\":0}]");
    }
    try (StreamConnection stream =
        open(
            "ann",
            request(
                positions.formatted(name, data.at("/data/0/op_id").asText()),
                laneOf("resume", null)))) {
      assertThat(shape(sync(stream)))
          .containsExactly(
              "checkpoint", "data " + bucket("resume") + " [n2]", "checkpoint_complete");
    }
    try (StreamConnection stream =
        open(
            "ann",
            request(positions.formatted("\"1#something[]\"", "1"), laneOf("resume", null)))) {
      assertThat(shape(sync(stream)))
          .containsExactly(
              "checkpoint", "data " + bucket("resume") + " [n1, n2]", "checkpoint_complete");
    }
  }

  @Tag("basic-data-only-update")
  @Tag("basic-foreign-commit-silent")
  @Test
  void basicDataOnlyUpdateAndForeignCommitSilent() {
    source.execute("INSERT INTO people VALUES ('ann')");
    settle();
    try (StreamConnection stream = open("ann", request("", subscription("mine", "null", null)))) {
      assertThat(buckets(sync(stream).get(0).at("/checkpoint/buckets")))
          .containsExactly("1#mine|0[\"ann\"] 0 0 p3 [{\"sub\":0}]");
      source.execute("INSERT INTO tasks VALUES ('k1', 'ann', 'Pack')");
      List<JsonNode> lines = sync(stream);
      assertThat(shape(lines))
          .containsExactly("checkpoint_diff", "data 1#mine|0[\"ann\"] [k1]", "checkpoint_complete");
      assertThat(buckets(lines.get(0).at("/checkpoint_diff/updated_buckets")))
          .containsExactly("1#mine|0[\"ann\"] -1545906545 1 p3 [{\"sub\":0}]");
      source.execute("INSERT INTO tasks VALUES ('k3', 'bob', 'Bill')");
      silent(stream, Duration.ofSeconds(2));
    }
  }

  @Tag("basic-parameter-and-data")
  @Tag("sub-static-dynamic-duplicate")
  @Test
  void basicParameterAndDataAndSubStaticDynamicDuplicate() throws Exception {
    try (StreamConnection stream = open("cleo", request("", subscription("mine", "null", null)));
        StreamConnection twice = open("cleo", request("", subscription("twice", "null", null)))) {
      assertThat(sync(stream).get(0).at("/checkpoint/buckets")).isEmpty();
      sync(twice);
      source.execute(
          "WITH t AS (INSERT INTO tasks VALUES ('c1', 'cleo', 'Pack')) INSERT INTO people VALUES"
              + " ('cleo')");
      assertThat(shape(sync(stream)))
          .containsExactly(
              "checkpoint_diff", "data 1#mine|0[\"cleo\"] [c1]", "checkpoint_complete");
      List<String> operations = new ArrayList<>();
      for (JsonNode line : sync(twice)) {
        if (line.has("data")) {
          operations.addAll(texts(line.at("/data/data"), "object_id"));
        }
      }
      assertThat(operations).containsExactly("c1");
    }
  }

  @Tag("basic-no-duplicate-ops")
  @Test
  void basicNoDuplicateOps() {
    Random random = new Random(7);
    note("often", "n0", "x");
    settle();
    try (StreamConnection stream = lane("often")) {
      Set<String> seen = new HashSet<>();
      long last = 0;
      int sum = 0;
      int commits = 0;
      int announced = 0;
      while (commits < 50 || seen.size() < 51) {
        JsonNode line = line(stream);
        for (JsonNode bucket : line.at("/checkpoint/buckets")) {
          announced = bucket.get("checksum").asInt();
        }
        for (JsonNode bucket : line.at("/checkpoint_diff/updated_buckets")) {
          announced = bucket.get("checksum").asInt();
        }
        for (JsonNode operation : line.at("/data/data")) {
          assertThat(seen.add(operation.get("op_id").asText())).isTrue();
          assertThat(operation.get("op_id").asLong()).isGreaterThan(last);
          last = operation.get("op_id").asLong();
          sum += (int) operation.get("checksum").asLong();
        }
        if (line.has("checkpoint_complete")) {
          assertThat(sum).isEqualTo(announced);
          for (int i = random.nextInt(3); i >= 0 && commits < 50; i--) {
            note("often", "n" + ++commits, "x");
          }
        }
      }
    }
  }

  @Tag("prio-three-levels")
  @Tag("prio-empty-group-completes")
  @Test
  void prioThreeLevelsAndEmptyGroupAndReconnect() {
    note("level0", "a", "x");
    note("level3", "c", "x");
    settle();
    String body = request("", laneOf("level3", 3), laneOf("level1", 1), laneOf("level0", 0));
    try (StreamConnection stream = open("ann", body)) {
      assertThat(shape(sync(stream)))
          .containsExactly(
              "checkpoint",
              "data " + bucket("level0") + " [a]",
              "partial 0",
              "partial 1",
              "data " + bucket("level3") + " [c]",
              "checkpoint_complete");
      note("level3", "d", "x");
      assertThat(shape(sync(stream)))
          .containsExactly(
              "checkpoint_diff", "data " + bucket("level3") + " [d]", "checkpoint_complete");
    }
  }

  @Tag("prio-single-level-no-partial")
  @Tag("chunk-bucket-boundary")
  @Test
  void prioSingleLevelNoPartialAndChunkBucketBoundary() {
    source.execute(
        "INSERT INTO notes SELECT 'same-a', i::text, 'x' FROM generate_series(1, 3) i",
        "INSERT INTO notes SELECT 'same-b', i::text, 'x' FROM generate_series(1, 4) i");
    settle();
    try (StreamConnection stream =
        open("ann", request("", laneOf("same-b", 1), laneOf("same-a", 1)))) {
      List<JsonNode> lines = sync(stream);
      assertThat(shape(lines).stream().map(text -> text.split(" ")[0]))
          .containsExactly("checkpoint", "data", "data", "checkpoint_complete");
      assertThat(lines.get(1).at("/data/bucket").asText()).isEqualTo(bucket("same-a"));
      assertThat(lines.get(1).at("/data/data")).hasSize(3);
      assertThat(lines.get(2).at("/data/data")).hasSize(4);
      assertThat(lines.get(1).at("/data/has_more").asBoolean()).isFalse();
    }
  }

  @Tag("prio-override-and-overlap")
  @Test
  void prioOverrideAndOverlap() {
    source.execute("INSERT INTO test VALUES ('a', 'Test 1'), ('b', 'Test 2')");
    settle();
    try (StreamConnection stream =
        open(
            "ann",
            request(
                "",
                subscription("todos", "{\"test_ids\":[\"a\"]}", 0),
                subscription("todos", "{\"test_ids\":[\"a\",\"b\"]}", null)))) {
      List<JsonNode> lines = sync(stream);
      assertThat(buckets(lines.get(0).at("/checkpoint/buckets")))
          .containsExactlyInAnyOrder(
              "1#todos|0[\"a\"] -1712802421 1 p0 [{\"sub\":0},{\"sub\":1}]",
              "1#todos|0[\"b\"] -1291414318 1 p3 [{\"sub\":1}]");
      assertThat(shape(lines))
          .containsExactly(
              "checkpoint",
              "data 1#todos|0[\"a\"] [a]",
              "partial 0",
              "data 1#todos|0[\"b\"] [b]",
              "checkpoint_complete");
    }
  }

  @Tag("chunk-2300-rows")
  @Tag("chunk-batch-cut-between-buckets")
  @Test
  void chunk2300RowsAndBatchCutBetweenBuckets() {
    source.execute(
        "INSERT INTO notes SELECT 'many', i::text, 'x' FROM generate_series(1, 2300) i",
        "INSERT INTO notes SELECT 'cut-a', i::text, 'x' FROM generate_series(1, 600) i",
        "INSERT INTO notes SELECT 'cut-b', i::text, 'x' FROM generate_series(1, 600) i");
    settle();
    try (StreamConnection stream = lane("many")) {
      assertThat(chunks(sync(stream)))
          .containsExactly(
              bucket("many") + " 1000 true",
              bucket("many") + " 1000 true",
              bucket("many") + " 300 false");
    }
    try (StreamConnection stream =
        open("ann", request("", laneOf("cut-a", null), laneOf("cut-b", null)))) {
      // Chunking is free: what counts is that nothing is missing or twice and the marks are right.
      List<String> chunks = chunks(sync(stream));
      assertThat(chunks).first().isEqualTo(bucket("cut-a") + " 600 false");
      assertThat(chunks).last().asString().endsWith("false");
      assertThat(
              chunks.stream()
                  .skip(1)
                  .mapToInt(chunk -> Integer.parseInt(chunk.split(" ")[1]))
                  .sum())
          .isEqualTo(600);
    }
  }

  /** The data lines as bucket, number of operations, mark; each continues the one before. */
  private static List<String> chunks(List<JsonNode> lines) {
    List<String> chunks = new ArrayList<>();
    Map<String, String> positions = new HashMap<>();
    for (JsonNode line : lines) {
      if (line.has("data")) {
        JsonNode data = line.get("data");
        String bucket = data.get("bucket").asText();
        assertThat(data.get("after").asText()).isEqualTo(positions.getOrDefault(bucket, "0"));
        positions.put(bucket, data.get("next_after").asText());
        chunks.add(bucket + " " + data.get("data").size() + " " + data.get("has_more"));
      }
    }
    return chunks;
  }

  @Tag("sub-defaults")
  @Tag("sub-exclude-defaults")
  @Tag("sub-custom")
  @Test
  void subDefaultsAndExcludeDefaultsAndCustom() {
    assertThat(assets("{\"raw_data\":true}"))
        .containsExactly("1#assets|0[\"default\"] p3 [{\"default\":0}]");
    try (StreamConnection stream = open("ann", request(""))) {
      JsonNode checkpoint = sync(stream).get(0).get("checkpoint");
      assertThat(checkpoint.get("buckets")).isEmpty();
      assertThat(checkpoint.get("streams")).isEmpty();
    }
    String custom =
        request(
                "",
                subscription("assets", "{\"ids\":[\"a\"]}", null),
                subscription("assets", "{\"ids\":[\"b\"]}", 1))
            .replace("\"include_defaults\":false", "\"include_defaults\":true");
    assertThat(assets(custom))
        .containsExactlyInAnyOrder(
            "1#assets|0[\"a\"] p3 [{\"sub\":0}]",
            "1#assets|0[\"b\"] p1 [{\"sub\":1}]",
            "1#assets|0[\"default\"] p3 [{\"default\":0}]");
  }

  private static List<String> assets(String body) {
    try (StreamConnection stream = open("ann", body)) {
      return buckets(sync(stream).get(0).at("/checkpoint/buckets")).stream()
          .map(text -> text.replaceFirst(" -?\\d+ \\d+ ", " "))
          .toList();
    }
  }

  @Tag("sub-overlap-custom")
  @Tag("sub-unknown-stream")
  @Tag("sub-null-parameters")
  @Test
  void subOverlapCustomAndUnknownStreamAndNullParameters() {
    assertThat(
            assets(
                request(
                    "",
                    subscription("nope", "null", null),
                    subscription("assets", "{\"ids\":[\"a\",\"b\"]}", null),
                    subscription("assets", "{\"ids\":[\"b\"]}", 1))))
        .containsExactlyInAnyOrder(
            "1#assets|0[\"a\"] p3 [{\"sub\":1}]", "1#assets|0[\"b\"] p1 [{\"sub\":1},{\"sub\":2}]");
    assertThat(assets(request("", subscription("assets", "null", null))))
        .containsExactly("1#assets|0[\"default\"] p3 [{\"sub\":0}]");
  }

  @Tag("sub-missing-member")
  @Test
  void subMissingMember() {
    for (String wrong :
        List.of(
            "{\"stream\":\"assets\",\"override_priority\":null}",
            subscription("assets", "[]", null))) {
      try (StreamConnection stream = open("ann", request("", wrong))) {
        assertThat(stream.status()).isEqualTo(400);
      }
    }
  }

  @Tag("token-already-expired")
  @Test
  void tokenAlreadyExpired() {
    try (StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            "/sync/stream",
            request("", laneOf("expired", null)),
            Map.of("Authorization", "Token " + Tokens.user("ann", -10)))) {
      assertThat(stream.status()).isEqualTo(200);
      List<String> lines = new ArrayList<>();
      StreamConnection.Event event = stream.next(SOON).orElseThrow();
      while (event instanceof StreamConnection.Line line) {
        lines.add(line.text());
        event = stream.next(SOON).orElseThrow();
      }
      assertThat(lines).last().isEqualTo("{\"token_expires_in\":0}");
      assertThat(lines).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Tag("token-keepalive-interval")
  @Test
  void tokenKeepaliveInterval() {
    try (StreamConnection stream = lane("idle")) {
      sync(stream);
      long before = System.nanoTime();
      StreamConnection.Line line =
          (StreamConnection.Line) stream.next(Duration.ofSeconds(25)).orElseThrow();
      assertThat(line.json().get("token_expires_in").asInt()).isBetween(3500, 3585);
      assertThat(Duration.ofNanos(line.readNanos() - before)).isGreaterThan(Duration.ofSeconds(17));
    }
  }

  @Tag("basic-write-checkpoint-only")
  @Test
  void basicWriteCheckpointOnly() throws Exception {
    String body = request("\"client_id\":\"w1\",", laneOf("write", null));
    try (StreamConnection stream = open("writer", body)) {
      sync(stream);
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          server.uri().resolve("/write-checkpoint2.json?client_id=w1"))
                      .header("Authorization", "Token " + Tokens.user("writer"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      String id = JSON.readTree(answer.body()).at("/data/write_checkpoint").asText();
      JsonNode diff = sync(stream).get(0).get("checkpoint_diff");
      assertThat(diff.get("write_checkpoint").asText()).isEqualTo(id);
      assertThat(diff.get("updated_buckets")).isEmpty();
      assertThat(diff.get("removed_buckets")).isEmpty();
    }
  }
}
