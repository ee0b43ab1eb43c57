package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.e2e.StreamLines.buckets;
import static org.powersync.jakarta.e2e.StreamLines.line;
import static org.powersync.jakarta.e2e.StreamLines.shape;
import static org.powersync.jakarta.e2e.StreamLines.sync;
import static org.powersync.jakarta.e2e.StreamLines.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * The conformance cases of bucket definitions, limits, operators' routes and of one database for
 * source and storage, by their names, over HTTP on the deployed EAR. The sync config is deployed
 * through the API. Each case has a definition of its own and names it in its request, without the
 * defaults; the number in front of a bucket's name depends on other cases and is left out.
 */
class DefinitionCasesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String SETTINGS =
      """
      {"api": {"parameters": {"max_buckets_per_connection": 50, "max_parameter_query_results": 100}}}
      """;
  private static final String CONFIG =
      """
      bucket_definitions:
        two:
          parameters: [SELECT 1 AS n, SELECT 2 AS n]
          data: [SELECT * FROM rows WHERE kind = 'two' AND n = bucket.n]
        short:
          priority: 2
          data: ["SELECT * FROM rows WHERE kind = 'order' AND length(id) <= 2"]
        long:
          priority: 1
          data: ["SELECT * FROM rows WHERE kind = 'order' AND length(id) > 2"]
        everybody:
          priority: 2
          data: ["SELECT * FROM rows WHERE kind = 'bulk'"]
        personal:
          priority: 1
          parameters: SELECT request.user_id() AS person
          data: ["SELECT * FROM rows WHERE kind = 'own' AND body = bucket.person"]
        urgent:
          priority: 1
          data: ["SELECT * FROM rows WHERE kind = 'urgent'"]
        low:
          priority: 3
          data: ["SELECT * FROM rows WHERE kind = 'low'"]
        mine:
          priority: 2
          parameters: SELECT people.id AS owner FROM people WHERE people.id = request.user_id()
          data: [SELECT * FROM rows WHERE body = bucket.owner]
        grouped:
          parameters: SELECT id AS grp FROM groups WHERE owner = request.user_id()
          data: [SELECT * FROM rows WHERE body = bucket.grp]
      """;
  private static final String ADMIN = "Token admin-token-1";

  private static TestPostgres.Database database;
  private static LibertyServer server;
  private static int statusWithoutConfig;
  private static String errorWithoutConfig;

  @BeforeAll
  static void start() throws Exception {
    database = TestPostgres.shared().createDatabase("definition_cases");
    database.execute(
        "CREATE DOMAIN rating_value AS float8",
        "CREATE TABLE rows (id text PRIMARY KEY, kind text, n int, body text)",
        "CREATE TABLE people (id text PRIMARY KEY)",
        "CREATE TABLE groups (id text PRIMARY KEY, owner text)",
        "CREATE TABLE test_users (id text PRIMARY KEY, is_admin boolean, rating rating_value)",
        "INSERT INTO people VALUES ('ann')",
        "CREATE PUBLICATION powersync FOR ALL TABLES");
    server =
        new LibertyServer(
                "definition-cases",
                ServiceSettings.of(
                    database.uri(), database.uri(), Optional.empty(), JSON.readTree(SETTINGS)),
                Map.of())
            .start();
    Await.until(
        "storage is ready",
        SOON,
        () -> {
          try (StreamConnection stream = opened("ann", "low")) {
            statusWithoutConfig = stream.status();
            errorWithoutConfig = stream.errorBody();
            return statusWithoutConfig != 503;
          }
        });
    HttpResponse<String> deployed = admin("/api/sync-rules/v1/deploy", "application/yaml", CONFIG);
    assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(200);
    server.awaitReady();
    awaitServed();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void awaitServed() {
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = opened("ann", "low")) {
            return stream.status() == 200;
          }
        });
  }

  private static HttpResponse<String> admin(String path, String type, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .timeout(SOON)
            .header("Authorization", ADMIN)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode admin(String path, String body) throws Exception {
    HttpResponse<String> response = admin(path, "application/json", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).get("data");
  }

  private static String request(String... definitions) {
    return "{\"raw_data\":true,\"streams\":{\"include_defaults\":false,\"subscriptions\":["
        + String.join(
            ",",
            Stream.of(definitions)
                .map(
                    name ->
                        "{\"stream\":\"%s\",\"parameters\":{\"a\":1},\"override_priority\":0}"
                            .formatted(name))
                .toList())
        + "]}}";
  }

  private static StreamConnection opened(String user, String... definitions) {
    return StreamConnection.ofUser(server.uri(), user, request(definitions));
  }

  private static List<String> unversioned(List<String> texts) {
    return texts.stream().map(text -> text.replaceAll("\\b\\d+#", "")).toList();
  }

  /** Returns when everything written so far is in a checkpoint. */
  private static void settle(String id) {
    try (StreamConnection stream = opened(id, "personal")) {
      database.execute("INSERT INTO rows VALUES ('settle-%1$s', 'own', 0, '%1$s')".formatted(id));
      while (!line(stream).at("/data/data/0/object_id").asText().equals("settle-" + id)) {}
    }
  }

  @Tag("http-no-config")
  @Test
  void httpNoConfig() throws Exception {
    assertThat(statusWithoutConfig).isEqualTo(500);
    assertThat(JSON.readTree(errorWithoutConfig).at("/error/code").asText())
        .isEqualTo("PSYNC_S2302");
  }

  @Tag("basic-static-buckets-from-constants")
  @Test
  void basicStaticBucketsFromConstants() {
    try (StreamConnection stream = opened("ann", "two")) {
      JsonNode checkpoint = sync(stream).get(0).get("checkpoint");
      assertThat(unversioned(buckets(checkpoint.get("buckets"))))
          .containsExactlyInAnyOrder(
              "two[1] 0 0 p3 [{\"default\":0}]", "two[2] 0 0 p3 [{\"default\":0}]");
      assertThat(checkpoint.get("streams")).hasSize(1);
    }
  }

  @Tag("prio-order")
  @Test
  void prioOrder() {
    database.execute("INSERT INTO rows VALUES ('n1', 'order', 0, 'x'), ('longer', 'order', 0, '')");
    settle("order");
    try (StreamConnection stream = opened("ann", "short", "long")) {
      List<JsonNode> lines = sync(stream);
      assertThat(unversioned(buckets(lines.get(0).at("/checkpoint/buckets"))))
          .extracting(text -> text.replaceAll(" -?\\d+ 1 ", " "))
          .containsExactlyInAnyOrder("short[] p2 [{\"default\":0}]", "long[] p1 [{\"default\":1}]");
      assertThat(unversioned(shape(lines)))
          .containsExactly(
              "checkpoint",
              "data long[] [longer]",
              "partial 1",
              "data short[] [n1]",
              "checkpoint_complete");
    }
  }

  @Tag("prio-unrelated-commit")
  @Test
  void prioUnrelatedCommit() throws Exception {
    database.execute(
        "INSERT INTO rows SELECT 'bulk-' || i, 'bulk', i, 'x' FROM generate_series(1, 10000) i",
        "INSERT INTO rows VALUES ('one', 'own', 0, 'user_one')");
    settle("unrelated");
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      client
          .setup("Token " + Tokens.user("user_one"))
          .requestStream(1, 1, "/sync/stream", request("everybody", "personal"));
      int operations = 0;
      int checkpoints = 0;
      int completions = 0;
      while (completions < 2) {
        String next = client.next(SOON);
        assertThat(next).startsWith("NEXT ");
        JsonNode line = client.line();
        operations += line.at("/data/data").size();
        if (line.has("checkpoint") || line.has("checkpoint_diff")) {
          checkpoints++;
        } else if (line.has("partial_checkpoint_complete") && checkpoints == 1) {
          database.execute("INSERT INTO rows VALUES ('two', 'own', 0, 'user_two')");
          settle("partial");
        } else if (line.has("checkpoint_complete")) {
          completions++;
          assertThat(operations).isEqualTo(10_000 + completions);
          database.execute(
              "INSERT INTO rows VALUES ('one-%d', 'own', 0, 'user_one')".formatted(completions));
        }
        client.requestMore(1, 1);
      }
      assertThat(checkpoints).isEqualTo(2);
    }
  }

  @Tag("prio-reconnect-then-low-change")
  @Test
  void prioReconnectThenLowChange() {
    database.execute("INSERT INTO rows VALUES ('u1', 'urgent', 0, 'x'), ('l1', 'low', 0, 'x')");
    settle("reconnect");
    String body = request("urgent", "low");
    String positions;
    try (StreamConnection stream = opened("ann", "urgent", "low")) {
      List<JsonNode> lines = sync(stream);
      positions =
          "{\"buckets\":["
              + String.join(
                  ",",
                  lines.stream()
                      .filter(line -> line.has("data"))
                      .map(
                          line ->
                              "{\"name\":\"%s\",\"after\":\"%s\"}"
                                  .formatted(
                                      line.at("/data/bucket").asText(),
                                      line.at("/data/next_after").asText()))
                      .toList())
              + "],";
    }
    try (StreamConnection stream =
        StreamConnection.ofUser(server.uri(), "ann", positions + body.substring(1))) {
      assertThat(shape(sync(stream)))
          .containsExactly("checkpoint", "partial 1", "checkpoint_complete");
      database.execute("INSERT INTO rows VALUES ('l2', 'low', 0, 'x')");
      assertThat(unversioned(shape(sync(stream))))
          .containsExactly("checkpoint_diff", "data low[] [l2]", "checkpoint_complete");
    }
  }

  @Tag("sub-classic")
  @Test
  void subClassic() {
    try (StreamConnection stream = opened("ann", "mine")) {
      JsonNode checkpoint = sync(stream).get(0).get("checkpoint");
      assertThat(unversioned(buckets(checkpoint.get("buckets"))))
          .extracting(text -> text.replaceAll(" -?\\d+ \\d+ ", " "))
          .containsExactly("mine[\"ann\"] p2 [{\"default\":0}]");
      assertThat(checkpoint.get("streams").toString())
          .isEqualTo("[{\"name\":\"mine\",\"is_default\":true,\"errors\":[]}]");
    }
  }

  @Tag("limit-buckets-classic-label")
  @Tag("limit-after-first-line")
  @Test
  void limitBucketsClassicLabelAndAfterFirstLine() throws Exception {
    database.execute("INSERT INTO groups SELECT 'g' || i, 'gus' FROM generate_series(1, 50) i");
    settle("groups");
    try (StreamConnection stream = opened("gus", "grouped")) {
      assertThat(sync(stream).get(0).at("/checkpoint/buckets")).hasSize(50);
      database.execute("INSERT INTO groups SELECT 'h' || i, 'gus' FROM generate_series(1, 10) i");
      assertThat(stream.next(SOON)).get().isInstanceOf(StreamConnection.End.class);
    }
    try (StreamConnection stream = opened("gus", "grouped")) {
      assertThat(stream.status()).isEqualTo(500);
      JsonNode error = JSON.readTree(stream.errorBody()).get("error");
      assertThat(error.get("code").asText()).isEqualTo("PSYNC_S2305");
      assertThat(error.get("description").asText())
          .contains("60", "50", "bucket definitions=grouped: 60")
          .doesNotContain("sync streams");
    }
  }

  @Tag("limit-lookups")
  @Test
  void limitLookups() throws Exception {
    database.execute("INSERT INTO groups SELECT 'm' || i, 'max' FROM generate_series(1, 101) i");
    settle("lookups");
    try (StreamConnection stream = opened("max", "grouped")) {
      assertThat(stream.status()).isEqualTo(500);
      assertThat(JSON.readTree(stream.errorBody()).at("/error/code").asText())
          .isEqualTo("PSYNC_S2305");
    }
  }

  @Tag("wc-request-validation")
  @Test
  void wcRequestValidation() throws Exception {
    for (String id : List.of("1", "\"42\"", "\"9223372036854775807\"")) {
      assertThat(checkpointRequest("{\"client_id\":\"c1\",\"checkpoint_request_id\":" + id + "}"))
          .as(id)
          .isEqualTo(200);
    }
    for (String id :
        List.of(
            "0",
            "-1",
            "\"0\"",
            "\"-1\"",
            "\"9223372036854775808\"",
            "\"" + "9".repeat(39) + "\"",
            "9007199254740992",
            "\"4x\"")) {
      assertThat(checkpointRequest("{\"client_id\":\"c1\",\"checkpoint_request_id\":" + id + "}"))
          .as(id)
          .isEqualTo(400);
    }
    assertThat(checkpointRequest("{\"client_id\":\"c1\"}")).isEqualTo(400);
    assertThat(checkpointRequest("{\"checkpoint_request_id\":\"1\"}")).isEqualTo(400);
  }

  private static int checkpointRequest(String body) throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(server.uri().resolve("/sync/checkpoint-request"))
                .timeout(SOON)
                .header("Authorization", "Token " + Tokens.user("validated"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      assertThat(JSON.readTree(response.body()).at("/error/code").asText())
          .isEqualTo("PSYNC_S2001");
    }
    return response.statusCode();
  }

  @Tag("auth-header-forms")
  @Test
  void authHeaderForms() throws Exception {
    String token = Tokens.user("ann");
    for (String good : List.of("Token " + token, "Bearer " + token)) {
      assertThat(writeCheckpoint(good).statusCode()).isEqualTo(200);
    }
    for (String bad : List.of("bearer " + token, "Bearer  " + token, token, "")) {
      HttpResponse<String> response = writeCheckpoint(bad);
      assertThat(response.statusCode()).as(bad).isEqualTo(401);
      assertThat(JSON.readTree(response.body()).at("/error/code").asText())
          .isEqualTo("PSYNC_S2106");
    }
  }

  private static HttpResponse<String> writeCheckpoint(String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve("/write-checkpoint2.json")).timeout(SOON);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  @Tag("auth-api-token")
  @Test
  void authApiToken() throws Exception {
    for (String wrong : List.of("Token wrong", "", "Token " + Tokens.user("ann"))) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.uri().resolve("/api/admin/v1/diagnostics"))
              .timeout(SOON)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{}"));
      if (!wrong.isEmpty()) {
        request.header("Authorization", wrong);
      }
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(JSON.readTree(response.body()).at("/error/code").asText())
          .isEqualTo("PSYNC_S2101");
    }
  }

  @Tag("http-diagnostics-shape")
  @Test
  void httpDiagnosticsShape() throws Exception {
    JsonNode data = admin("/api/admin/v1/diagnostics", "{}");
    assertThat(data.get("connections")).hasSize(1);
    assertThat(data.get("connections").get(0).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("id", "postgres_uri", "connected", "errors");
    assertThat(data.has("active_sync_rules")).isTrue();
  }

  @Tag("http-schema")
  @Test
  void httpSchema() throws Exception {
    JsonNode schemas = admin("/api/admin/v1/schema", "{}").at("/connections/0/schemas");
    for (JsonNode schema : schemas) {
      for (JsonNode table : schema.get("tables")) {
        if (table.get("name").asText().equals("test_users")) {
          assertThat(texts(table.get("columns"), "internal_type"))
              .containsExactly("text", "boolean", "rating_value");
          assertThat(texts(table.get("columns"), "pg_type"))
              .containsExactly("text", "bool", "rating_value");
          assertThat(texts(table.get("columns"), "sqlite_type")).containsExactly("2", "4", "8");
          return;
        }
      }
    }
    throw new AssertionError("no such table in " + schemas);
  }

  @Tag("http-validate-location")
  @Test
  void httpValidateLocation() throws Exception {
    String text = "bucket_definitions:\n  ghosts:\n    data:\n      - SELECT * FROM phantom\n";
    JsonNode data =
        admin("/api/admin/v1/validate", JSON.createObjectNode().put("sync_rules", text).toString());
    assertThat(data.get("errors"))
        .anySatisfy(
            error -> {
              assertThat(error.get("level").asText()).isEqualTo("warning");
              assertThat(error.at("/location/start_offset").asInt()).isEqualTo(62);
              assertThat(error.at("/location/end_offset").asInt()).isEqualTo(69);
            });
  }

  @Test
  void operatorsAskWhyARowIsInItsBuckets() throws Exception {
    JsonNode answer =
        admin(
            "/api/admin/v1/explain-row",
            "{\"table\": \"rows\", \"row\": {\"id\": \"r\", \"kind\": \"own\", \"body\": \"ann\"}}");
    assertThat(answer.get("queries"))
        .anySatisfy(
            query -> {
              assertThat(query.get("definition").asText()).isEqualTo("personal");
              assertThat(query.at("/buckets/0").asText()).endsWith("personal[\"ann\"]");
            })
        .anySatisfy(
            query -> {
              assertThat(query.get("definition").asText()).isEqualTo("low");
              assertThat(query.get("buckets")).isEmpty();
            });
  }

  @Test
  void theRowThatIsExplainedMayBeTheTextOfAnObject() throws Exception {
    JsonNode answer =
        admin(
            "/api/admin/v1/explain-row",
            "{\"table\": \"rows\","
                + " \"row\": \"{\\\"kind\\\": \\\"two\\\", \\\"n\\\": 9007199254740993}\"}");
    assertThat(answer.toString()).contains("two[9007199254740993]");
    for (String row : List.of("null", "[]", "\"[]\"", "\"{\"", "5")) {
      HttpResponse<String> refused =
          admin(
              "/api/admin/v1/explain-row",
              "application/json",
              "{\"table\": \"rows\", \"row\": %s}".formatted(row));
      assertThat(refused.statusCode()).as(row).isEqualTo(400);
      assertThat(refused.body()).contains("/row: ");
    }
  }

  @Test
  void operatorsAskWhatARequestMayRead() throws Exception {
    JsonNode answer = admin("/api/admin/v1/explain-request", "{\"token\": {\"sub\": \"ann\"}}");
    assertThat(answer.get("definitions"))
        .anySatisfy(
            definition -> {
              assertThat(definition.get("definition").asText()).isEqualTo("mine");
              assertThat(definition.at("/buckets/0/bucket").asText()).endsWith("mine[\"ann\"]");
              assertThat(definition.at("/buckets/0/reasons/0").asText()).isEqualTo("default");
            });
  }

  @Test
  void operatorsGetTheSchemaThatClientsNeed() throws Exception {
    JsonNode answer = admin("/api/admin/v1/client-schema", "{\"language\": \"typescript\"}");
    assertThat(answer.get("schema").asText()).contains("rows", "column.integer", "column.text");
    HttpResponse<String> refused =
        admin("/api/admin/v1/client-schema", "application/json", "{\"language\": \"cobol\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("typescript");
  }

  @Test
  void operatorsGetTheSchemaForASyncConfigTheyHaveNotDeployed() throws Exception {
    String text = "bucket_definitions: {a: {data: ['SELECT id, rating AS stars FROM test_users']}}";
    String schemaOf = "{\"language\": \"typescript\", \"sync_rules\": \"%s\"}";
    JsonNode answer = admin("/api/admin/v1/client-schema", schemaOf.formatted(text));
    assertThat(answer.get("schema").asText()).contains("test_users", "stars: column.real");

    HttpResponse<String> invalid =
        admin(
            "/api/admin/v1/client-schema",
            "application/json",
            schemaOf.formatted("bucket_definitions: {a: {data: [SELECT rating FROM test_users]}}"));
    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(invalid.body()).at("/error/code").asText()).isEqualTo("PSYNC_R0001");
    assertThat(JSON.readTree(invalid.body()).at("/error/details").asText())
        .startsWith("line 1, column ");
  }

  @Test
  void theConfigWhoseSchemaIsWantedMayBeNamedByItsState() throws Exception {
    String path = "/api/admin/v1/client-schema";
    String of = "{\"language\": \"dart\", \"config\": \"%s\"}";
    assertThat(admin(path, of.formatted("active")).get("schema").asText()).contains("rows");
    HttpResponse<String> none = admin(path, "application/json", of.formatted("deploying"));
    assertThat(JSON.readTree(none.body()).at("/error/code").asText()).isEqualTo("PSYNC_S4104");
    HttpResponse<String> unknown = admin(path, "application/json", of.formatted("next"));
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("deploying");
    HttpResponse<String> both =
        admin(
            path,
            "application/json",
            "{\"language\": \"dart\", \"config\": \"active\", \"sync_rules\": \"\"}");
    assertThat(both.statusCode()).isEqualTo(400);
  }

  @Tag("http-reprocess")
  @Test
  void httpReprocess() throws Exception {
    try (StreamConnection stream = opened("ann", "two")) {
      String before = sync(stream).get(0).at("/checkpoint/buckets/0/bucket").asText();
      JsonNode connection = admin("/api/admin/v1/reprocess", "{}").get("connections").get(0);
      assertThat(connection.get("slot_name").asText()).isNotEmpty();
      StreamConnection.Event event = stream.next(SOON).orElseThrow();
      while (event instanceof StreamConnection.Line) {
        event = stream.next(SOON).orElseThrow();
      }
      assertThat(event).isEqualTo(new StreamConnection.End(true));
      try (StreamConnection again = opened("ann", "two")) {
        String after = sync(again).get(0).at("/checkpoint/buckets/0/bucket").asText();
        assertThat(after).isNotEqualTo(before);
        assertThat(unversioned(List.of(after))).isEqualTo(unversioned(List.of(before)));
      }
    }
  }

  /** Both take a minute of waiting, so they wait together. */
  @Tag("cfg-same-server")
  @Tag("token-rsocket-quiet")
  @Test
  void cfgSameServerAndTokenRsocketQuiet() throws Exception {
    settle("same-server");
    try (RSocketClient client = new RSocketClient(server.uri(), "/sync/stream")) {
      long start = System.nanoTime();
      client
          .setup("Token " + Tokens.user("quiet", 50))
          .requestStream(1, 10, "/sync/stream", request("urgent"));
      String next = client.next(SOON);
      while (!next.equals("NEXT checkpoint_complete")) {
        next = client.next(SOON);
      }
      // The server's counters follow some seconds behind the writing.
      Await.pause(Duration.ofSeconds(15));
      Map<String, Long> before = storageWrites();
      assertThat(client.next(Duration.ofSeconds(30))).isEqualTo("NEXT token_expires_in");
      assertThat(client.line().get("token_expires_in").asInt()).isEqualTo(20);
      assertThat(secondsSince(start)).isBetween(28.0, 32.0);
      assertThat(client.next(Duration.ofSeconds(30))).isEqualTo("NEXT token_expires_in");
      assertThat(client.line().get("token_expires_in").asInt()).isZero();
      assertThat(secondsSince(start)).isBetween(48.0, 52.0);
      // Instead of a completion, so that clients come back with a new token (decision A24).
      assertThat(client.next(SOON)).startsWith("ERROR 1 ").contains("PSYNC_S2103");
      Await.pause(Duration.ofNanos(start + 75_000_000_000L - System.nanoTime()));
      Map<String, Long> after = storageWrites();
      after.replaceAll((table, writes) -> writes - before.getOrDefault(table, 0L));
      assertThat(after).allSatisfy((table, writes) -> assertThat(writes).isLessThan(30));
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Rows written so far in each table of storage. */
  private static Map<String, Long> storageWrites() throws SQLException {
    Map<String, Long> writes = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
                    + " WHERE schemaname = 'powersync'")) {
      while (rows.next()) {
        writes.put(rows.getString(1), rows.getLong(2));
      }
    }
    return writes;
  }
}
