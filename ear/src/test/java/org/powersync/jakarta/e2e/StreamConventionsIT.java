package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.e2e.StreamLines.buckets;
import static org.powersync.jakarta.e2e.StreamLines.shape;
import static org.powersync.jakarta.e2e.StreamLines.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.RawConnection;
import org.powersync.jakarta.client.ServiceClient;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * What the sync API says of streams in its sections 3 and 7.3 and no recorded scenario shows, on
 * the deployed EAR.
 */
class StreamConventionsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PATH = "/sync/stream";
  private static final int BULK = 6000;
  private static final String SETTINGS =
      """
      {"api": {"parameters": {"max_buckets_per_connection": 50}}}
      """;
  private static final String CONFIG =
      """
      config:
        edition: 2
      bucket_definitions:
        hot:
          priority: 1
          data: ["SELECT id, body FROM notes WHERE lane = 'hot'"]
        bulk:
          priority: 3
          data: ["SELECT id, body FROM notes WHERE lane = 'bulk'"]
        pair:
          priority: 3
          data: ["SELECT id, body FROM notes WHERE lane = 'pair'"]
        listed:
          parameters: SELECT value AS id FROM json_each(request.parameters() ->> 'ids')
          data: [SELECT * FROM assets WHERE id = bucket.id]
        marks:
          parameters: SELECT request.user_id() AS mark
          data: [SELECT * FROM marks WHERE id = bucket.mark]
      streams:
        assets:
          auto_subscribe: true
          query: SELECT * FROM assets WHERE id IN ifnull(subscription.parameter('ids'), '["default"]')
        figures:
          query: SELECT * FROM figures
        projects:
          query: SELECT * FROM assets WHERE id IN auth.parameter('projects')
        tasks:
          query: SELECT * FROM assets WHERE id IN auth.parameter('tasks')
        comments:
          query: SELECT * FROM assets WHERE id IN auth.parameter('comments')
      """;

  private static TestPostgres.Database source;
  private static String settings;
  private static LibertyServer server;
  private static List<String> withoutConfig;

  @BeforeAll
  static void start() throws Exception {
    source = TestPostgres.shared().createDatabase("stream_conventions_source");
    TestPostgres.Database storage =
        TestPostgres.shared().createDatabase("stream_conventions_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, lane text, body text)",
        "INSERT INTO notes VALUES ('h1', 'hot', 'x'), ('n1', 'pair', 'a'), ('n2', 'pair', 'b')",
        "INSERT INTO notes SELECT 'b' || n, 'bulk', 'x' FROM generate_series(1, " + BULK + ") n",
        "CREATE TABLE assets (id text PRIMARY KEY)",
        "INSERT INTO assets VALUES ('default'), ('a')",
        "CREATE TABLE marks (id text PRIMARY KEY)",
        "CREATE TABLE figures (id text PRIMARY KEY, large bigint, part float8)",
        "INSERT INTO figures VALUES ('f1', 9223372036854775807, 0.1)",
        "CREATE PUBLICATION powersync FOR ALL TABLES");
    settings =
        ServiceSettings.of(source.uri(), storage.uri(), Optional.empty(), JSON.readTree(SETTINGS));
    server = new LibertyServer("stream-conventions", settings, Map.of()).start();
    Await.until("storage is ready", SOON, () -> status("{}") != 503);
    withoutConfig = askedWithoutConfig();
    assertThat(admin("/api/sync-rules/v1/deploy", "application/yaml", CONFIG))
        .contains("slot_name");
    server.awaitReady();
    Await.until("a stream can be opened", SOON, () -> status("{}") == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> askedWithoutConfig() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), PATH)) {
      client.setup("Token " + Tokens.user("ann")).requestStream(1, 10, PATH, "{}");
      String answer = client.next(SOON);
      client.keepAlive("and then");
      return List.of(answer, client.next(SOON));
    }
  }

  private static String admin(String path, String type, String body) {
    return new ServiceClient(server.uri(), "Token admin-token-1").post(path, type, body).body();
  }

  private static int status(String body) {
    try (StreamConnection stream = StreamConnection.ofUser(server.uri(), "ann", body)) {
      return stream.status();
    }
  }

  /** A request for these definitions alone. */
  private static String only(String... definitions) {
    return "{\"raw_data\":true,\"streams\":{\"include_defaults\":false,\"subscriptions\":["
        + Stream.of(definitions)
            .map(name -> subscription(name, "null"))
            .collect(Collectors.joining(","))
        + "]}}";
  }

  private static String subscription(String stream, String parameters) {
    return "{\"stream\":\"%s\",\"parameters\":%s,\"override_priority\":null}"
        .formatted(stream, parameters);
  }

  /** Returns when everything written to the source so far is in a checkpoint. */
  private static void settle() {
    String mark = UUID.randomUUID().toString();
    try (StreamConnection stream = StreamConnection.ofUser(server.uri(), mark, only("marks"))) {
      sync(stream);
      source.execute("INSERT INTO marks VALUES ('" + mark + "')");
      assertThat(shape(sync(stream))).contains("data 1#marks[\"" + mark + "\"] [" + mark + "]");
    }
  }

  @Test
  void withoutAnActiveConfigAStreamOfASocketFailsWithTheCode() {
    assertThat(withoutConfig.get(0)).startsWith("ERROR 1 201 [PSYNC_S2302] ");
    assertThat(withoutConfig.get(1)).isEqualTo("KEEPALIVE and then");
  }

  @Test
  void optionalMembersMayBeNullAndRequiredOnesMayNot() {
    assertThat(
            status(
                "{\"buckets\":null,\"parameters\":null,\"streams\":null,\"client_id\":null,"
                    + "\"raw_data\":null,\"binary_data\":null,\"include_checksum\":null,"
                    + "\"only\":null,\"app_metadata\":null}"))
        .isEqualTo(200);
    assertThat(status("{\"streams\":{\"include_defaults\":null,\"subscriptions\":[]}}"))
        .isEqualTo(200);
    assertThat(status("{\"streams\":{\"subscriptions\":null}}")).isEqualTo(400);
    assertThat(status("{\"buckets\":[{\"name\":\"a\",\"after\":null}]}")).isEqualTo(400);
    assertThat(status("{\"buckets\":[{\"name\":\"a\",\"after\":\"9223372036854775808\"}]}"))
        .isEqualTo(400);
  }

  @Tag("sub-null-parameters")
  @Test
  void aSubscriptionWithoutParametersDoesNotReplaceTheDefaultOne() {
    for (String parameters : List.of("null", "{}")) {
      String body =
          "{\"streams\":{\"subscriptions\":[" + subscription("assets", parameters) + "]}}";
      try (StreamConnection stream = StreamConnection.ofUser(server.uri(), "ann", body)) {
        JsonNode checkpoint = sync(stream).get(0).get("checkpoint");
        assertThat(buckets(checkpoint.get("buckets")))
            .filteredOn(text -> text.contains("assets"))
            .hasSize(1)
            .allMatch(
                text ->
                    text.startsWith("1#assets|0[\"default\"] ")
                        && text.endsWith(" 1 p3 [{\"sub\":0},{\"default\":5}]"));
        assertThat(checkpoint.at("/streams/5").toString())
            .isEqualTo("{\"name\":\"assets\",\"is_default\":true,\"errors\":[]}");
      }
    }
  }

  /** In BSON, the native client reads the subscription of an error as an int32 only. */
  @Test
  void anErroneousSubscriptionIsReportedAndDoesNotConcernTheOthers() throws Exception {
    String body =
        "{\"streams\":{\"subscriptions\":["
            + subscription("figures", "{}")
            + ","
            + subscription("assets", "{\"ids\":\"not json\"}")
            + "]}}";
    HttpResponse<InputStream> answer =
        HTTP.send(
            HttpRequest.newBuilder(server.uri().resolve(PATH))
                .header("Authorization", "Token " + Tokens.user("ann"))
                .header("Accept", "application/vnd.powersync.bson-stream")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofInputStream());
    try (InputStream lines = answer.body()) {
      byte[] head = lines.readNBytes(4);
      int length = (head[0] & 0xff) | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
      byte[] document = Arrays.copyOf(head, length);
      assertThat(lines.readNBytes(document, 4, length - 4)).isEqualTo(length - 4);
      BsonDocument checkpoint = new RawBsonDocument(document).getDocument("checkpoint");
      BsonDocument assets = checkpoint.getArray("streams").get(5).asDocument();
      assertThat(assets.getString("name").getValue()).isEqualTo("assets");
      BsonDocument error = assets.getArray("errors").get(0).asDocument();
      assertThat(error.get("subscription").isInt32()).isTrue();
      assertThat(error.getInt32("subscription").getValue()).isEqualTo(1);
      assertThat(error.getString("message").getValue()).isNotEmpty();
      Map<String, String> reasons = new HashMap<>();
      for (var bucket : checkpoint.getArray("buckets")) {
        assertThat(bucket.asDocument().get("checksum").isInt32()).isTrue();
        reasons.put(
            bucket.asDocument().getString("bucket").getValue(),
            bucket.asDocument().getArray("subscriptions").toString());
      }
      assertThat(reasons).containsKeys("1#figures|0[]", "1#assets|0[\"default\"]");
      assertThat(reasons.values()).noneMatch(text -> text.contains("{\"sub\": 1}"));
    }
  }

  @Test
  void whatFailsInABucketDefinitionFailsTheRequest() throws Exception {
    String body = "{\"parameters\":{\"ids\":\"not json\"}}";
    try (StreamConnection stream = StreamConnection.ofUser(server.uri(), "ann", body)) {
      assertThat(stream.status()).isEqualTo(500);
      assertThat(JSON.readTree(stream.errorBody()).at("/error/code").asText())
          .isEqualTo("PSYNC_S2001");
    }
    assertThat(status("{\"parameters\":{\"ids\":\"[]\"}}")).isEqualTo(200);
  }

  @Test
  void oldClientsGetTheirRowsEmbeddedDigitForDigitAndNeverInBson() {
    String row = "{\"id\":\"f1\",\"large\":9223372036854775807,\"part\":0.1}";
    for (String raw : List.of("", "\"raw_data\":false,", "\"raw_data\":null,")) {
      String body = only("figures").replace("\"raw_data\":true,", raw);
      try (StreamConnection stream = StreamConnection.ofUser(server.uri(), "ann", body)) {
        assertThat(data(stream)).contains(",\"data\":" + row + "}");
      }
      try (StreamConnection stream =
          StreamConnection.open(
              server.uri(),
              PATH,
              body,
              Map.of(
                  "Authorization",
                  "Token " + Tokens.user("ann"),
                  "Accept",
                  "application/vnd.powersync.bson-stream"))) {
        assertThat(sync(stream).get(1).at("/data/data/0/data").textValue()).isEqualTo(row);
      }
    }
  }

  /** The first data line as it stands on the wire. */
  private static String data(StreamConnection stream) {
    while (true) {
      StreamConnection.Event event = stream.next(SOON).orElseThrow();
      if (event instanceof StreamConnection.Line line && line.text().startsWith("{\"data\"")) {
        return line.text();
      }
    }
  }

  @Tag("limit-buckets")
  @Test
  void tooManyBucketsAreRefusedAndTheLogSaysWhere() throws Exception {
    long now = Instant.now().getEpochSecond();
    String token =
        Tokens.sign(
            """
            {"sub":"ann","aud":"%s","iat":%d,"exp":%d,"projects":%s,"tasks":%s,"comments":%s}\
            """
                .formatted(
                    Tokens.AUDIENCE, now, now + 3600, numbered(30), numbered(20), numbered(10)));
    try (StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            PATH,
            only("projects", "tasks", "comments"),
            Map.of("Authorization", "Token " + token))) {
      assertThat(stream.status()).isEqualTo(500);
      JsonNode error = JSON.readTree(stream.errorBody()).get("error");
      assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2305");
      assertThat(error.get("description").asText()).contains("60", "50");
    }
    Await.until(
        "the log says which streams give them",
        SOON,
        () ->
            log().stream()
                .anyMatch(
                    line ->
                        line.contains("[PSYNC_S2305]")
                            && line.contains("buckets=60, limit=50")
                            && line.contains(
                                "sync streams=projects: 30, tasks: 20, comments: 10)")));
  }

  private static String numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "\"i" + i + "\"").toList().toString();
  }

  private static List<String> log() throws IOException {
    return Files.readAllLines(server.output().resolve("logs/messages.log"));
  }

  private static boolean logged(String user, String... texts) throws IOException {
    return log().stream()
        .filter(line -> line.contains(" user_id=" + user + " "))
        .anyMatch(line -> Stream.of(texts).allMatch(line::contains));
  }

  @Test
  void theLogSaysWhoCameWithWhatAndWhyTheStreamEnded() throws Exception {
    String user = "u-" + UUID.randomUUID();
    String body =
        "{\"client_id\":\"c9\",\"app_metadata\":{\"version\":\"1.2\"},\"parameters\":{\"p\":\"q\"}}";
    try (StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            PATH,
            body,
            Map.of(
                "Authorization",
                "Token " + Tokens.user(user),
                "User-Agent",
                "browser/1",
                "X-User-Agent",
                "sdk/2",
                "Accept-Encoding",
                "gzip"))) {
      sync(stream);
      String ended =
          admin("/api/admin/v1/disconnect", "application/json", "{\"user_id\":\"" + user + "\"}");
      assertThat(ended).contains("\"streams\":1");
      assertThat(stream.next(SOON)).contains(new StreamConnection.End(true));
    }
    Await.until(
        "start and end are in the log",
        SOON,
        () ->
            logged(
                    user,
                    "Sync stream started: rid=h/",
                    " client_id=c9 user_agent=sdk/2 bson=false encoding=gzip"
                        + " app_metadata={version=1.2} parameters={p=q}")
                && logged(
                    user,
                    "Sync stream ended: rid=h/",
                    " close_reason=service closing stream (DISCONNECTED) ",
                    " encoding=gzip "));
  }

  @Test
  void aClientThatGoesIsNoError() throws Exception {
    String user = "g-" + UUID.randomUUID();
    byte[] body = only("marks").getBytes(StandardCharsets.US_ASCII);
    try (RawConnection connection = new RawConnection(server.uri(), SOON)) {
      connection.send(
          """
          POST /sync/stream HTTP/1.1
          Host: localhost
          Authorization: Token %s
          Content-Type: application/json
          Content-Length: %d

          """
              .formatted(Tokens.user(user), body.length),
          body);
      RawConnection.Head head = connection.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).contains("application/x-ndjson");
      assertThat(head.header("Transfer-Encoding")).contains("chunked");
      assertThat(head.header("X-Accel-Buffering")).contains("no");
      assertThat(connection.chunk()).isNotEmpty();
    }
    // What is written to a client that is gone tells that it is.
    Await.until(
        "the end is in the log",
        SOON,
        () -> {
          source.execute(
              "DELETE FROM marks WHERE id = '%1$s'".formatted(user),
              "INSERT INTO marks VALUES ('%1$s')".formatted(user));
          return logged(user, " I ", "Sync stream ended", " close_reason=client closing stream ");
        });
    Path failures = server.output().resolve("logs/ffdc");
    assertThat(failures.toFile().list())
        .satisfiesAnyOf(names -> assertThat(names).isNull(), names -> assertThat(names).isEmpty());
  }

  /** Transcript T5, for a token of 21 s its beginning and for one of 2 s its end. */
  @Test
  void theLifeOfATokenIsToldBeforeItsEndAndAtIt() {
    try (StreamConnection longer = open(21);
        StreamConnection shorter = open(2)) {
      assertThat(tokenLine(longer)).isEqualTo(20);
      assertThat(tokenLine(shorter)).isZero();
      assertThat(shorter.next(SOON)).contains(new StreamConnection.End(true));
    }
  }

  private static StreamConnection open(int seconds) {
    return StreamConnection.open(
        server.uri(),
        PATH,
        only("marks"),
        Map.of("Authorization", "Token " + Tokens.user("ann", seconds)));
  }

  /** What the first line about the token says. */
  private static int tokenLine(StreamConnection stream) {
    while (true) {
      StreamConnection.Event event = stream.next(SOON).orElseThrow();
      JsonNode line = ((StreamConnection.Line) event).json();
      if (line.has("token_expires_in")) {
        return line.get("token_expires_in").asInt();
      }
    }
  }

  /** Items one by one, so that a commit comes in the middle of a checkpoint (transcript T3). */
  @Test
  void aNewerCheckpointSupersedesTheOneThatIsBeingSent() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), PATH)) {
      client.setup("Token " + Tokens.user("ann")).requestStream(1, 4, PATH, only("hot", "bulk"));
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      String first = client.line().at("/checkpoint/last_op_id").asText();
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      assertThat(client.next(SOON)).isEqualTo("NEXT partial_checkpoint_complete");
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      List<JsonNode> bulk = new ArrayList<>(List.of(client.line().get("data")));

      source.execute("INSERT INTO notes VALUES ('h2', 'hot', 'x')");
      settle();
      client.requestMore(1, 1);
      String next = client.next(SOON);
      while (next.equals("NEXT data") && bulk.size() < 5) {
        bulk.add(client.line().get("data"));
        settle();
        client.requestMore(1, 1);
        next = client.next(SOON);
      }
      assertThat(next).isEqualTo("NEXT checkpoint_diff");
      JsonNode diff = client.line().get("checkpoint_diff");
      assertThat(diff.get("last_op_id").asLong()).isGreaterThan(Long.parseLong(first));
      assertThat(buckets(diff.get("updated_buckets")))
          .hasSize(1)
          .allMatch(text -> text.startsWith("1#hot[] "));
      client.requestMore(1, 100);
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      assertThat(client.line().at("/data/data/0/object_id").asText()).isEqualTo("h2");
      assertThat(client.next(SOON)).isEqualTo("NEXT partial_checkpoint_complete");
      for (next = client.next(SOON); next.equals("NEXT data"); next = client.next(SOON)) {
        bulk.add(client.line().get("data"));
      }
      assertThat(next).isEqualTo("NEXT checkpoint_complete");
      assertThat(client.line().at("/checkpoint_complete/last_op_id"))
          .isEqualTo(diff.get("last_op_id"));
      requireWhole(bulk);
    }
  }

  private static void requireWhole(List<JsonNode> lines) {
    String position = "0";
    Set<String> ids = new HashSet<>();
    for (JsonNode line : lines) {
      assertThat(line.get("bucket").asText()).isEqualTo("1#bulk[]");
      assertThat(line.get("after").asText()).isEqualTo(position);
      position = line.get("next_after").asText();
      line.get("data").forEach(row -> assertThat(ids.add(row.get("object_id").asText())).isTrue());
    }
    assertThat(ids).hasSize(BULK);
  }

  /** The data of the second group is read after compaction went past it (transcript T4). */
  @Tag("inval-compacted-during-send")
  @Test
  void aCheckpointThatCompactionOvertakesIsNotCompleted() throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), PATH)) {
      client.setup("Token " + Tokens.user("ann")).requestStream(1, 1, PATH, only("hot", "pair"));
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      source.execute("UPDATE notes SET body = body || '2' WHERE lane = 'pair'");
      settle();
      assertThat(
              new LibertyServer("stream-conventions-command", settings, Map.of())
                  .command("compact"))
          .isZero();
      client.requestMore(1, 100);
      List<String> shapes = new ArrayList<>();
      do {
        assertThat(client.next(SOON)).startsWith("NEXT ");
        shapes.add(shape(client.line()));
      } while (!shapes.get(shapes.size() - 1).equals("checkpoint_complete"));
      assertThat(shapes)
          .filteredOn(text -> !text.contains("#hot"))
          .containsExactly(
              "partial 1",
              "data 1#pair[] []",
              "checkpoint_diff",
              "data 1#pair[] [n1, n2]",
              "checkpoint_complete");
    }
  }
}
