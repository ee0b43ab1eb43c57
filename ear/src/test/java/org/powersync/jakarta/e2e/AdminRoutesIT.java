package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.e2e.StreamLines.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.client.ServiceClient;
import org.powersync.jakarta.client.ServiceClient.Answer;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Operators' routes (sync API sections 2.5 and 2.6) on the deployed EAR, with a sync config that is
 * deployed through them and a source of its own, which may be asked anything. Every test leaves an
 * active config of the same tables and nothing that is being deployed.
 */
class AdminRoutesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DIAGNOSTICS = "/api/admin/v1/diagnostics";
  private static final String SCHEMA = "/api/admin/v1/schema";
  private static final String SQL = "/api/admin/v1/execute-sql";
  private static final String CHECK = "/api/admin/v1/validate";
  private static final String ADMIN_REPROCESS = "/api/admin/v1/reprocess";
  private static final String DEPLOY = "/api/sync-rules/v1/deploy";
  private static final String VALIDATE = "/api/sync-rules/v1/validate";
  private static final String CURRENT = "/api/sync-rules/v1/current";
  private static final String REPROCESS = "/api/sync-rules/v1/reprocess";
  private static final String YAML = "application/yaml";

  private static final String CONFIG =
      """
      bucket_definitions:
        all:
          data:
            - SELECT * FROM notes
            - SELECT * FROM "log_%"
            - SELECT * FROM "none_%"
            - SELECT id FROM missing
      """;

  private static final Map<String, Answer> WITHOUT_CONFIG = new TreeMap<>();
  private static TestPostgres sourceServer;
  private static TestPostgres.Database source;
  private static TestPostgres.Database storage;
  private static LibertyServer server;
  private static ServiceClient operator;

  @BeforeAll
  static void start() {
    sourceServer = TestPostgres.start();
    source = sourceServer.createDatabase("routes_source");
    storage = TestPostgres.shared().createDatabase("routes_storage");
    source.execute(
        "CREATE DOMAIN rating AS float8",
        "CREATE SCHEMA shop",
        "CREATE TABLE notes (id text PRIMARY KEY)",
        "CREATE TABLE log_a (id text PRIMARY KEY)",
        "CREATE TABLE log_b (id text, part text, PRIMARY KEY (part, id))",
        "CREATE TABLE loose (id text)",
        "CREATE TABLE outside (id text PRIMARY KEY, \"Odd name\" int)",
        """
        CREATE TABLE shop.everything (
          id uuid PRIMARY KEY, b bool, s smallint, i int, l bigint, n numeric(10,2), r real,
          d float8, v varchar(255), c char(3), z timestamptz, j jsonb, x bytea,
          tags varchar(255)[], ints int[][], rate rating)""",
        "ALTER TABLE shop.everything DROP COLUMN c",
        "CREATE VIEW shop.looks AS SELECT 1 AS id",
        "CREATE PUBLICATION powersync FOR TABLE notes, log_a, log_b, loose",
        "ALTER SYSTEM SET max_slot_wal_keep_size = '1GB'",
        "SELECT pg_reload_conf()");
    server =
        new LibertyServer(
                "admin-routes",
                ServiceSettings.of(
                    source.uri(), storage.uri(), Optional.empty(), debugging(source.uri())),
                Map.of())
            .start()
            .awaitReady();
    operator = new ServiceClient(server.uri(), "Token admin-token-1");
    for (String path : List.of(ADMIN_REPROCESS, REPROCESS, DIAGNOSTICS)) {
      WITHOUT_CONFIG.put(path, operator.post(path, "{}"));
    }
    WITHOUT_CONFIG.put(CURRENT, operator.get(CURRENT));
    ServiceClient user = ServiceClient.ofUser(server.uri(), "early");
    for (String path : List.of("/write-checkpoint.json", "/write-checkpoint2.json")) {
      WITHOUT_CONFIG.put(path, user.get(path));
    }
    String request = "/sync/checkpoint-request";
    WITHOUT_CONFIG.put(
        request, user.post(request, "{\"client_id\":\"c\",\"checkpoint_request_id\":1}"));
    deploy(operator.post(DEPLOY, "{\"content\":" + quoted(CONFIG) + "}"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    sourceServer.server().close();
  }

  private static JsonNode debugging(String uri) {
    return parsed(
        """
        {"replication": {"connections": [{"type": "postgresql", "uri": "%s", "sslmode": "disable",
          "id": "orders", "tag": "default", "debug_api": true}]}}
        """
            .formatted(uri));
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  /** The name that an accepted deployment got; returns when it serves. */
  private static String deploy(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.data().size()).isEqualTo(1);
    String slot = answer.data().get("slot_name").asText();
    awaitActive(slot);
    return slot;
  }

  private static void awaitActive(String slot) {
    Await.until(
        slot + " is active, see " + server.output(),
        SOON,
        () -> {
          JsonNode current = operator.get(CURRENT).data();
          return current.at("/current/slot_name").asText().equals(slot)
              && current.get("next").isNull();
        });
  }

  private static String activeSlot() {
    return operator.get(CURRENT).data().at("/current/slot_name").asText();
  }

  private static JsonNode diagnostics() {
    Answer answer = operator.post(DIAGNOSTICS, "{}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.data();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void withoutAConfigRoutesSaySo() {
    assertThat(WITHOUT_CONFIG.get(CURRENT).refusal()).isEqualTo("422 PSYNC_S4104");
    assertThat(WITHOUT_CONFIG.get(ADMIN_REPROCESS).refusal()).isEqualTo("422 PSYNC_S4104");
    assertThat(WITHOUT_CONFIG.get(REPROCESS).refusal()).isEqualTo("422 PSYNC_S4104");
    for (String path :
        List.of("/write-checkpoint.json", "/write-checkpoint2.json", "/sync/checkpoint-request")) {
      assertThat(WITHOUT_CONFIG.get(path).refusal()).as(path).isEqualTo("500 PSYNC_S2302");
    }
    assertThat(WITHOUT_CONFIG.get(DIAGNOSTICS).data())
        .isEqualTo(
            parsed(
                """
                {"connections": [{"id": "orders",
                  "postgres_uri": "postgresql://127.0.0.1:%d/%s", "connected": true,
                  "errors": []}]}
                """
                    .formatted(source.port(), source.name())));
  }

  @Test
  void diagnosticsTellHowTheActiveConfigIsReplicated() {
    JsonNode data = diagnostics();
    assertThat(names(data)).containsExactly("connections", "active_sync_rules");
    JsonNode status = data.get("active_sync_rules");
    assertThat(names(status)).containsExactly("connections", "errors");
    JsonNode connection = status.get("connections").get(0);
    assertThat(names(connection))
        .contains(
            "id",
            "tag",
            "slot_name",
            "initial_replication_done",
            "last_lsn",
            "last_checkpoint_ts",
            "replication_lag_bytes",
            "wal_status",
            "safe_wal_size",
            "max_slot_wal_keep_size",
            "tables");
    assertThat(connection.get("id").asText()).isEqualTo("orders");
    assertThat(connection.get("tag").asText()).isEqualTo("default");
    assertThat(connection.get("slot_name").asText()).isEqualTo(activeSlot());
    assertThat(connection.get("initial_replication_done").asBoolean()).isTrue();
    assertThat(connection.get("last_lsn").asText()).matches("[0-9A-F]{8}/[0-9A-F]{8}");
    assertThat(Instant.parse(connection.get("last_checkpoint_ts").asText()))
        .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(1));
    assertThat(connection.get("replication_lag_bytes").isIntegralNumber()).isTrue();
    assertThat(connection.get("wal_status").asText()).isEqualTo("reserved");
    assertThat(connection.get("safe_wal_size").asLong()).isPositive();
    assertThat(connection.get("max_slot_wal_keep_size").asLong()).isEqualTo(1L << 30);
    assertThat(connection.get("tables"))
        .isEqualTo(
            parsed(
                """
                [{"schema": "public", "name": "notes", "replication_id": ["id"],
                  "data_queries": true, "parameter_queries": false, "errors": []},
                 {"schema": "public", "name": "log_a", "pattern": "log_%%",
                  "replication_id": ["id"], "data_queries": true, "parameter_queries": false,
                  "errors": []},
                 {"schema": "public", "name": "log_b", "pattern": "log_%%",
                  "replication_id": ["id", "part"], "data_queries": true,
                  "parameter_queries": false, "errors": []},
                 {"schema": "public", "name": "missing", "replication_id": [],
                  "data_queries": true, "parameter_queries": false, "errors": [
                    {"level": "warning", "message": %s}]}]
                """
                    .formatted(quoted("Table public.missing was not found on the source"))));
    assertThat(status.get("errors"))
        .isEqualTo(
            parsed(
                "[{\"level\": \"warning\","
                    + " \"message\": \"Table public.missing was not found on the source\"}]"));
  }

  @Test
  void diagnosticsHoldTheTextIfItIsAskedFor() {
    String withContent = "{\"sync_rules_content\": true}";
    assertThat(operator.post(DIAGNOSTICS, withContent).data().at("/active_sync_rules/content"))
        .isEqualTo(operator.get(CURRENT).data().at("/current/content"));
    assertThat(operator.post(DIAGNOSTICS, "{\"sync_rules_content\": false}").body())
        .doesNotContain("\"content\"");
    for (String wrong : List.of("\"true\"", "1", "[]")) {
      assertThat(operator.post(DIAGNOSTICS, "{\"sync_rules_content\":" + wrong + "}").refusal())
          .isEqualTo("400 PSYNC_S2001");
    }
    assertThat(operator.post(DIAGNOSTICS + "?sync_rules_content=true", "{}").refusal())
        .isEqualTo("400 PSYNC_S2001");
    assertThat(operator.post(DIAGNOSTICS, "{").refusal()).isEqualTo("400 PSYNC_S2001");
  }

  @Test
  void theLastFatalErrorComesAfterThoseOfTables() {
    storage.execute("UPDATE powersync.sync_rules SET last_fatal_error = 'it broke'");
    try {
      assertThat(texts(diagnostics().at("/active_sync_rules/errors"), "message"))
          .containsExactly("Table public.missing was not found on the source", "it broke");
      assertThat(diagnostics().at("/active_sync_rules/errors/1"))
          .isEqualTo(parsed("{\"level\": \"fatal\", \"message\": \"it broke\"}"));
    } finally {
      storage.execute("UPDATE powersync.sync_rules SET last_fatal_error = NULL");
    }
  }

  @Test
  void aSourceThatDoesNotFitIsConnectedAllTheSame() {
    source.execute("ALTER PUBLICATION powersync SET (publish = 'insert')");
    try {
      JsonNode connection = diagnostics().at("/connections/0");
      assertThat(connection.get("connected").asBoolean()).isTrue();
      assertThat(connection.get("errors")).hasSize(1);
      assertThat(names(connection.at("/errors/0"))).containsExactly("level", "message");
      assertThat(connection.at("/errors/0/level").asText()).isEqualTo("fatal");
      assertThat(connection.at("/errors/0/message").asText()).contains("PSYNC_S1142");
    } finally {
      source.execute(
          "ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate')");
    }
  }

  @Test
  void theSchemaIsWhatTheSourceHas() {
    JsonNode data = operator.post(SCHEMA, "{}").data();
    assertThat(data.get("defaultConnectionTag").asText()).isEqualTo("default");
    assertThat(data.get("defaultSchema").asText()).isEqualTo("public");
    assertThat(data.get("connections")).hasSize(1);
    JsonNode connection = data.at("/connections/0");
    assertThat(connection.get("id").asText()).isEqualTo("orders");
    assertThat(connection.get("tag").asText()).isEqualTo("default");
    assertThat(texts(connection.get("schemas"), "name")).containsExactly("public", "shop");
    assertThat(texts(connection.at("/schemas/0/tables"), "name"))
        .containsExactly("log_a", "log_b", "loose", "notes", "outside");
    assertThat(texts(connection.at("/schemas/1/tables"), "name")).containsExactly("everything");
    List<String> columns = new ArrayList<>();
    for (JsonNode column : connection.at("/schemas/1/tables/0/columns")) {
      assertThat(column.get("internal_type")).isEqualTo(column.get("type"));
      assertThat(column.size()).isEqualTo(5);
      columns.add(
          column.get("name").asText()
              + " "
              + column.get("sqlite_type").intValue()
              + " "
              + column.get("pg_type").asText()
              + " "
              + column.get("type").asText());
    }
    assertThat(columns)
        .containsExactly(
            "id 2 uuid uuid",
            "b 4 bool boolean",
            "s 4 int2 smallint",
            "i 4 int4 integer",
            "l 4 int8 bigint",
            "n 2 numeric numeric(10,2)",
            "r 8 float4 real",
            "d 8 float8 double precision",
            "v 2 varchar character varying(255)",
            "z 2 timestamptz timestamp with time zone",
            "j 2 jsonb jsonb",
            "x 1 bytea bytea",
            "tags 2 varchar[] character varying(255)[]",
            "ints 2 int4[] integer[]",
            "rate 8 rating rating");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT 9223372036854775807 AS a, -1.5::float8 AS b, true AS c, null AS d"
            + "|[]|[\"a\",\"b\",\"c\",\"d\"]|[[9223372036854775807,-1.5,1,null]]",
        "SELECT '\\x00ff'::bytea AS a, 1.10 AS b, 'x' AS c|[]|[\"a\",\"b\",\"c\"]"
            + "|[[null,\"1.10\",\"x\"]]",
        "SELECT concat($1, 'y') AS a, $2 + 1 AS b, $3 AS c, $4 * 2 AS d|[\"x\",41,false,1.25]"
            + "|[\"a\",\"b\",\"c\",\"d\"]|[[\"xy\",42,0,2.5]]",
        "SELECT id FROM notes WHERE id = 'none'|[]|[\"id\"]|[]",
        "SELECT 1 AS a, 2 AS a|[]|[\"a\",\"a\"]|[[1,2]]",
        "SET work_mem = '4MB'|[]|[]|[]",
        "SELECT 'NaN'::float8 AS a, 'infinity'::timestamptz IS NULL AS b|[]|[\"a\",\"b\"]"
            + "|[[null,0]]"
      })
  void aStatementGivesColumnsAndRows(String query, String args, String columns, String rows) {
    Answer answer =
        operator.post(
            SQL,
            "{\"connection_id\":\"orders\",\"sql\":{\"query\":"
                + quoted(query)
                + ",\"args\":"
                + args
                + "}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.data())
        .isEqualTo(
            parsed(
                "{\"success\":true,\"results\":{\"columns\":%s,\"rows\":%s}}"
                    .formatted(columns, rows)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELEC 1",
        "",
        "SELECT * FROM nowhere",
        "SELECT 1 / 0",
        "SELECT 'a\u0000b'",
        "SELECT '\ud800'",
        "BEGIN; SELECT 1 / 0",
        "COPY notes TO STDOUT",
        "SELECT $1"
      })
  void aStatementThatFailsIsNoHttpError(String query) {
    Answer answer = operator.post(SQL, "{\"sql\":{\"query\":" + quoted(query) + ",\"args\":[]}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode data = answer.data();
    if (data.get("success").asBoolean()) {
      assertThat(query).isIn("", "SELECT '\ud800'");
      return;
    }
    assertThat(names(data)).containsExactlyInAnyOrder("success", "results", "error");
    assertThat(data.get("results")).isEqualTo(parsed("{\"columns\":[],\"rows\":[]}"));
    assertThat(data.get("error").asText()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'{1,2}'::int[]",
        "'[2:3]={1,2}'::int[]",
        "'infinity'::timestamp",
        "'-infinity'::date",
        "'24:00'::time",
        "'1 year 2 days'::interval",
        "'[1,5)'::int4range",
        "ROW(1, 'a')",
        "'notes'::regclass",
        "'a'::\"char\"",
        "B'101'",
        "'null'::jsonb",
        "'{\"a\": 1e400}'::json",
        "'(1,2)'::point",
        "'127.0.0.1'::inet",
        "pg_sleep(0)",
        "12.5::rating",
        "'0/16B3748'::pg_lsn",
        "txid_current_snapshot()",
        "'4000-01-01 BC'::timestamptz"
      })
  void everyTypeHasAScalar(String expression) {
    Answer answer =
        operator.post(
            SQL, "{\"sql\":{\"query\":" + quoted("SELECT " + expression) + ",\"args\":[]}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.data().get("success").asBoolean()).as(answer.body()).isTrue();
    assertThat(answer.data().at("/results/rows/0/0").isContainerNode()).isFalse();
  }

  @Test
  void aCheckedConfigIsDescribedWithItsTables() {
    String text =
        """
        bucket_definitions:
          all:
            data:
              - SELECT * FROM loose
              - SELECT id, nothing FROM outside
              - SELECT * FROM notes
        """;
    Answer answer = operator.post(CHECK, "{\"sync_rules\":" + quoted(text) + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode data = answer.data();
    assertThat(names(data)).containsExactly("connections", "errors");
    JsonNode connection = data.at("/connections/0");
    assertThat(names(connection))
        .containsExactlyInAnyOrder("id", "tag", "slot_name", "initial_replication_done", "tables");
    assertThat(connection.get("slot_name").asText()).isEmpty();
    assertThat(connection.get("initial_replication_done").asBoolean()).isFalse();
    assertThat(texts(connection.get("tables"), "name"))
        .containsExactly("loose", "outside", "notes");
    assertThat(texts(connection.at("/tables/0/errors"), "level")).containsExactly("fatal");
    assertThat(texts(connection.at("/tables/1/errors"), "level")).containsExactly("fatal");
    assertThat(connection.at("/tables/2/errors")).isEmpty();
    JsonNode errors = data.get("errors");
    assertThat(texts(errors, "level")).containsExactly("fatal", "fatal", "warning");
    assertThat(errors.get(0).get("message").asText()).contains("replica identity");
    assertThat(errors.get(1).get("message").asText()).contains("ALTER PUBLICATION powersync ADD");
    assertThat(errors.get(0).size()).isEqualTo(2);
    JsonNode unknown = errors.get(2);
    assertThat(Instant.parse(unknown.get("ts").asText())).isAfter(Instant.now().minusSeconds(60));
    assertThat(
            text.substring(
                unknown.at("/location/start_offset").asInt(),
                unknown.at("/location/end_offset").asInt()))
        .isEqualTo("nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a: [", "5", "nonsense: true", "bucket_definitions: {a: {data: [x]}}"})
  void aTextThatIsNoConfigIsNoHttpError(String text) {
    Answer checked = operator.post(CHECK, "{\"sync_rules\":" + quoted(text) + "}");
    assertThat(checked.status()).isEqualTo(200);
    assertThat(checked.data().get("connections")).isEmpty();
    assertThat(texts(checked.data().get("errors"), "level")).containsExactly("fatal");

    Answer validated = operator.post(VALIDATE, YAML, text);
    assertThat(validated.status()).isEqualTo(200);
    assertThat(validated.json().get("valid").asBoolean()).isFalse();
    assertThat(names(validated.json())).containsExactly("valid", "errors");
    assertThat(validated.json().get("errors")).isNotEmpty();

    int before = storage.query("SELECT id FROM powersync.sync_rules").size();
    Answer refused = operator.post(DEPLOY, YAML, text);
    assertThat(refused.refusal()).isEqualTo("422 PSYNC_R0001");
    assertThat(refused.json().at("/error/details").asText()).startsWith("line ");
    assertThat(operator.post(DEPLOY, "{\"content\":" + quoted(text) + "}").refusal())
        .isEqualTo("422 PSYNC_R0001");
    assertThat(storage.query("SELECT id FROM powersync.sync_rules")).hasSize(before);
  }

  @Test
  void aConfigIsTakenAsYamlOrAsMemberOfAnObjectOnly() {
    for (String path : List.of(DEPLOY, VALIDATE)) {
      for (String body : List.of("{}", "{\"content\":null}", "{\"content\":5}", "[]", "\"a: 1\"")) {
        Answer refused = operator.post(path, body);
        assertThat(refused.refusal()).as(path + body).isEqualTo("400 PSYNC_S2001");
        assertThat(refused.json().at("/error/name").asText()).isEqualTo("ValidationError");
      }
      assertThat(operator.post(path, "text/plain", CONFIG).refusal()).isEqualTo("400 PSYNC_S2001");
      assertThat(operator.post(path, "text/yaml", CONFIG).refusal()).isEqualTo("415 PSYNC_S2004");
      assertThat(new ServiceClient(server.uri(), "Token wrong").post(path, YAML, CONFIG).refusal())
          .isEqualTo("401 PSYNC_S2101");
    }
    assertThat(operator.post(CHECK, "{}").refusal()).isEqualTo("400 PSYNC_S2001");
    assertThat(operator.post(CHECK, "{\"sync_rules\":[]}").refusal()).isEqualTo("400 PSYNC_S2001");
    assertThat(operator.post(CHECK, YAML, CONFIG).refusal()).isEqualTo("415 PSYNC_S2004");
  }

  @Test
  void aValidConfigIsDescribedForPeople() {
    Answer yaml = operator.post(VALIDATE, "application/yaml; charset=utf-8", CONFIG);
    assertThat(yaml.status()).isEqualTo(200);
    assertThat(yaml.body())
        .startsWith("{\n  \"valid\": true,\n  \"bucket_definitions\": [\n    {\n")
        .endsWith("\n}\n");
    assertThat(operator.post(VALIDATE, "{\"content\":" + quoted(CONFIG) + "}").body())
        .isEqualTo(yaml.body());
    JsonNode json = yaml.json();
    assertThat(names(json))
        .containsExactly("valid", "bucket_definitions", "source_tables", "data_tables");
    assertThat(texts(json.get("bucket_definitions"), "name")).containsExactly("all");
    JsonNode tables = json.get("source_tables");
    assertThat(texts(tables, "pattern")).containsExactly("notes", "log_%", "none_%", "missing");
    assertThat(names(tables.get(0))).containsExactly("schema", "pattern", "wildcard", "table");
    assertThat(tables.get(0).get("wildcard").asBoolean()).isFalse();
    assertThat(tables.get(0).at("/table/name").asText()).isEqualTo("notes");
    assertThat(names(tables.get(1))).containsExactly("schema", "pattern", "wildcard", "tables");
    assertThat(texts(tables.get(1).get("tables"), "name")).containsExactly("log_a", "log_b");
    assertThat(tables.get(2).get("tables")).isEmpty();
    assertThat(tables.get(3).at("/table/errors")).hasSize(1);
    assertThat(json.at("/data_tables/notes"))
        .isEqualTo(parsed("[{\"query\": \"SELECT * FROM notes\"}]"));

    Answer stream =
        operator.post(
            VALIDATE,
            YAML,
            "config: {edition: 3}\nstreams: {mine: {query: SELECT * FROM notes AS memos}}\n");
    assertThat(stream.json().get("bucket_definitions")).isEqualTo(parsed("[\"stream mine\"]"));
    assertThat(names(stream.json().get("data_tables"))).containsExactly("memos");
    assertThat(stream.json().at("/data_tables/memos/0/query").isTextual()).isTrue();

    assertThat(operator.post(VALIDATE, YAML, "nonsense: true").body())
        .matches(
            "\\{\n  \"valid\": false,\n  \"errors\": \\[\n    \".*\"(,\n    \".*\")*\n  ]\n}\n");
  }

  @Test
  void whatIsDeployedIsShownWithWhatComesNext() throws Exception {
    String active = activeSlot();
    Answer current = operator.get(CURRENT);
    assertThat(current.body()).startsWith("{\n  \"data\": {\n    \"current\": {\n");
    assertThat(names(current.data().get("current")))
        .containsExactly(
            "slot_name", "content", "valid", "bucket_definitions", "source_tables", "data_tables");
    assertThat(current.data().get("next").isNull()).isTrue();

    String text = "# with a zażółć\n" + CONFIG;
    String next;
    try (Connection holder = source.connect();
        Statement statement = holder.createStatement()) {
      // A slot is not made before the transactions of its moment have ended.
      holder.setAutoCommit(false);
      statement.execute("SELECT txid_current()");
      Answer deployed = operator.post(DEPLOY, YAML, text);
      assertThat(deployed.status()).as(deployed.body()).isEqualTo(200);
      next = deployed.data().get("slot_name").asText();
      assertThat(next).isNotEqualTo(active);
      assertThat(
              storage.query(
                  "SELECT content FROM powersync.sync_rules WHERE slot_name = '" + next + "'"))
          .containsExactly(text);

      JsonNode both = operator.get(CURRENT).data();
      assertThat(both.at("/current/slot_name").asText()).isEqualTo(active);
      assertThat(both.at("/next/slot_name").asText()).isEqualTo(next);
      assertThat(both.at("/next/content").asText()).isEqualTo(text);
      assertThat(both.at("/next/valid").asBoolean()).isTrue();

      JsonNode data = diagnostics();
      assertThat(names(data))
          .containsExactly("connections", "active_sync_rules", "deploying_sync_rules");
      assertThat(data.at("/active_sync_rules/connections/0/slot_name").asText()).isEqualTo(active);
      JsonNode deploying = data.at("/deploying_sync_rules/connections/0");
      assertThat(deploying.get("slot_name").asText()).isEqualTo(next);
      assertThat(deploying.get("initial_replication_done").asBoolean()).isFalse();
      assertThat(names(deploying)).doesNotContain("last_checkpoint_ts");
      // Nothing was replicated yet, which is no fault of a config that is being deployed.
      assertThat(texts(data.at("/deploying_sync_rules/errors"), "message"))
          .containsExactly("Table public.missing was not found on the source");

      for (String path : List.of(ADMIN_REPROCESS, REPROCESS)) {
        assertThat(operator.post(path, "{}").refusal()).isEqualTo("409 PSYNC_S4106");
      }
      assertThat(ServiceClient.ofUser(server.uri(), "meanwhile").get("/write-checkpoint2.json"))
          .extracting(Answer::status)
          .isEqualTo(200);
      holder.rollback();
    }
    awaitActive(next);
    assertThat(operator.get(CURRENT).data().at("/current/content").asText()).isEqualTo(text);
  }

  @Test
  void theActiveConfigIsReplicatedAnew() {
    String first = activeSlot();
    Answer admin = operator.post(ADMIN_REPROCESS, "{\"unknown\": 1}");
    assertThat(admin.status()).as(admin.body()).isEqualTo(200);
    JsonNode connection = admin.data().at("/connections/0");
    assertThat(admin.data())
        .isEqualTo(
            parsed(
                "{\"connections\":[{\"id\":\"orders\",\"tag\":\"default\",\"slot_name\":%s}]}"
                    .formatted(connection.get("slot_name"))));
    assertThat(connection.get("slot_name").asText()).isNotEqualTo(first);
    awaitActive(connection.get("slot_name").asText());

    String again = deploy(operator.post(REPROCESS));
    assertThat(again).isNotIn(first, connection.get("slot_name").asText());
  }

  @Test
  void theTextIsParsedAgainBeforeItIsReplicatedAnew() {
    storage.execute(
        "UPDATE powersync.sync_rules SET content = 'x: ' || content WHERE state = 'ACTIVE'");
    try {
      for (String path : List.of(ADMIN_REPROCESS, REPROCESS)) {
        Answer refused = operator.post(path, "{}");
        assertThat(refused.refusal()).isEqualTo("422 PSYNC_R0001");
        assertThat(refused.json().at("/error/details").asText()).startsWith("line ");
      }
      JsonNode status = diagnostics().get("active_sync_rules");
      assertThat(status.get("connections")).isEmpty();
      assertThat(texts(status.get("errors"), "level")).containsExactly("fatal");
      JsonNode current = operator.get(CURRENT).data().get("current");
      assertThat(names(current)).containsExactly("slot_name", "content", "valid", "errors");
      assertThat(current.get("valid").asBoolean()).isFalse();
    } finally {
      storage.execute(
          "UPDATE powersync.sync_rules SET content = substr(content, 4) WHERE state = 'ACTIVE'");
    }
  }

  @Test
  void aSourceThatIsAwayIsReportedByEveryRoute() throws Exception {
    allowConnections(false);
    try {
      JsonNode data = diagnostics();
      JsonNode connection = data.at("/connections/0");
      assertThat(connection.get("connected").asBoolean()).isFalse();
      assertThat(texts(connection.get("errors"), "level")).containsExactly("fatal");
      assertThat(names(connection.at("/errors/0"))).containsExactly("level", "message");
      JsonNode replicated = data.at("/active_sync_rules/connections/0");
      assertThat(names(replicated))
          .doesNotContain("replication_lag_bytes", "wal_status", "max_slot_wal_keep_size");
      assertThat(texts(replicated.get("tables"), "name"))
          .containsExactly("notes", "log_", "none_", "missing");
      assertThat(texts(replicated.get("tables"), "pattern"))
          .containsExactly("", "log_%", "none_%", "");
      assertThat(texts(replicated.get("tables"), "data_queries"))
          .containsExactly("true", "false", "false", "true");
      String failed = "{\"level\": \"fatal\", \"message\": \"connection failed\"}";
      assertThat(replicated.get("tables"))
          .allSatisfy(
              table -> {
                assertThat(table.get("replication_id")).isEmpty();
                assertThat(table.get("errors")).isEqualTo(parsed("[" + failed + "]"));
              });
      assertThat(data.at("/active_sync_rules/errors/0")).isEqualTo(parsed(failed));

      JsonNode checked = operator.post(CHECK, "{\"sync_rules\":" + quoted(CONFIG) + "}").data();
      assertThat(texts(checked.get("errors"), "message"))
          .hasSize(2)
          .contains(connection.at("/errors/0/message").asText(), "connection failed");

      Answer validated = operator.post(VALIDATE, YAML, CONFIG);
      assertThat(validated.status()).isEqualTo(200);
      assertThat(validated.json().get("valid").asBoolean()).isFalse();
      assertThat(validated.json().get("errors")).hasSize(1);
      JsonNode current = operator.get(CURRENT).data().get("current");
      assertThat(names(current)).containsExactly("slot_name", "content", "valid", "errors");

      assertThat(operator.post(SCHEMA, "{}").refusal()).isEqualTo("500 PSYNC_S1120");
      JsonNode result = operator.post(SQL, "{\"sql\":{\"query\":\"SELECT 1\",\"args\":[]}}").data();
      assertThat(result.get("success").asBoolean()).isFalse();
      ServiceClient user = ServiceClient.ofUser(server.uri(), "away");
      for (String path : List.of("/write-checkpoint.json", "/write-checkpoint2.json")) {
        assertThat(user.get(path).refusal()).isEqualTo("500 PSYNC_S1120");
      }
      assertThat(storage.query("SELECT user_id FROM powersync.write_checkpoints"))
          .doesNotContain("away");
    } finally {
      allowConnections(true);
    }
    Await.until(
        "the source is replicated again",
        SOON,
        () -> {
          ServiceClient user = ServiceClient.ofUser(server.uri(), "back");
          return user.get("/write-checkpoint.json").status() == 200;
        });
    assertThat(diagnostics().at("/connections/0/connected").asBoolean()).isTrue();
  }

  private static void allowConnections(boolean allowed) throws SQLException {
    try (Connection connection = sourceServer.server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + source.name() + " WITH ALLOW_CONNECTIONS " + allowed);
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
              + source.name()
              + "'");
    }
  }

  @Test
  void noAnswerNamesAPasswordOrAToken() {
    for (Answer answer :
        List.of(
            operator.post(DIAGNOSTICS, "{\"sync_rules_content\": true}"),
            operator.post(SCHEMA, "{}"),
            operator.get(CURRENT))) {
      assertThat(answer.body()).doesNotContain("postgres:", "admin-token-1", Tokens.SECRET);
    }
  }
}
