package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.ServiceClient;
import org.powersync.jakarta.client.ServiceClient.Answer;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * What operators get from a service without a source connection, and before its storage is ready
 * (sync API sections 2.4 to 2.6), on the deployed EAR. Its sync config is part of its
 * configuration.
 */
class NoSourceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "bucket_definitions: {a: {data: [SELECT * FROM notes]}}";

  private static final String DEPLOY = "/api/sync-rules/v1/deploy";
  private static final String DIAGNOSTICS = "/api/admin/v1/diagnostics";
  private static final String VALIDATE = "/api/sync-rules/v1/validate";

  private static final List<String> PROBES =
      List.of("/probes/startup", "/probes/readiness", "/probes/liveness");

  private static final Map<String, Answer> WITHOUT_STORAGE = new TreeMap<>();
  private static LibertyServer server;
  private static ServiceClient operator;

  @BeforeAll
  static void start() throws Exception {
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("sourceless_storage");
    allowConnections(storage, false);
    server =
        new LibertyServer(
                "no-source",
                ServiceSettings.of(
                    storage.uri(),
                    storage.uri(),
                    Optional.of(CONFIG),
                    JSON.readTree("{\"replication\": {\"connections\": []}}")),
                Map.of())
            .start();
    operator = new ServiceClient(server.uri(), "Token admin-token-1");
    WITHOUT_STORAGE.put(DIAGNOSTICS, operator.post(DIAGNOSTICS, "{}"));
    for (String path : List.of(DEPLOY, VALIDATE)) {
      WITHOUT_STORAGE.put(path, operator.post(path, "application/yaml", CONFIG));
    }
    for (String probe : PROBES) {
      WITHOUT_STORAGE.put(probe, operator.get(probe));
    }
    allowConnections(storage, true);
    server.awaitReady();
  }

  private static void allowConnections(TestPostgres.Database database, boolean allowed)
      throws SQLException {
    try (Connection connection =
            TestPostgres.shared().server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + database.name() + " WITH ALLOW_CONNECTIONS " + allowed);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertData(Answer answer, String expected) throws IOException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.data()).isEqualTo(JSON.readTree(expected));
  }

  @Test
  void beforeStorageIsReadyOnlyWhatNeedsItIsRefused() {
    assertThat(WITHOUT_STORAGE.get(DIAGNOSTICS).refusal()).isEqualTo("503 PSYNC_S2003");
    assertThat(WITHOUT_STORAGE.get(DEPLOY).refusal()).isEqualTo("503 PSYNC_S2003");
    assertThat(WITHOUT_STORAGE.get(VALIDATE).status()).isEqualTo(200);
    assertThat(WITHOUT_STORAGE.get("/probes/startup").status()).isEqualTo(400);
    assertThat(WITHOUT_STORAGE.get("/probes/readiness").status()).isEqualTo(400);
    assertThat(WITHOUT_STORAGE.get("/probes/liveness").status()).isEqualTo(200);
    JsonNode state = WITHOUT_STORAGE.get("/probes/startup").json();
    assertThat(state.size()).isEqualTo(3);
    assertThat(state.get("started").asBoolean()).isFalse();
    assertThat(state.get("ready").asBoolean()).isFalse();
  }

  @Test
  void adminRoutesSayThatThereIsNone() throws Exception {
    assertData(operator.post(DIAGNOSTICS, "{}"), "{\"connections\": []}");
    assertData(
        operator.post("/api/admin/v1/schema", "{}"),
        "{\"connections\": [], \"defaultConnectionTag\": \"default\", \"defaultSchema\": \"public\"}");
    JsonNode result =
        operator
            .post("/api/admin/v1/execute-sql", "{\"sql\":{\"query\":\"SELECT 1\",\"args\":[]}}")
            .data();
    assertThat(result.get("success").asBoolean()).isFalse();
    assertThat(result.get("error").asText()).isEqualTo("No source connection is configured");
    assertData(
        operator.post("/api/admin/v1/validate", "{\"sync_rules\": \"" + CONFIG + "\"}"),
        "{\"connections\": [], \"errors\": [{\"level\": \"fatal\","
            + " \"message\": \"No source connection is configured\"}]}");
  }

  @Test
  void syncConfigRoutesSayThatThereIsNone() {
    Answer validated = operator.post(VALIDATE, "application/yaml", CONFIG);
    assertThat(validated.status()).isEqualTo(200);
    assertThat(validated.body())
        .isEqualTo(
            "{\n  \"valid\": false,\n  \"errors\": [\n"
                + "    \"No source connection is configured\"\n  ]\n}\n");
    assertThat(operator.get("/api/sync-rules/v1/current").refusal()).isEqualTo("422 PSYNC_S4104");
    for (String path : List.of("/api/admin/v1/reprocess", "/api/sync-rules/v1/reprocess")) {
      assertThat(operator.post(path, "{}").refusal()).isEqualTo("422 PSYNC_S4104");
    }
    ServiceClient user = ServiceClient.ofUser(server.uri(), "ann");
    assertThat(user.get("/write-checkpoint2.json").refusal()).isEqualTo("500 PSYNC_S2302");
  }

  @Test
  void aConfiguredSyncConfigIsNotDeployedThroughTheApi() {
    Answer refused = operator.post(DEPLOY, "application/yaml", CONFIG);
    assertThat(refused.refusal()).isEqualTo("422 PSYNC_S4105");
    assertThat(refused.json().at("/error/details").asText()).contains("service configuration");
    // Also one that is not valid: the text is not looked at.
    assertThat(operator.post(DEPLOY, "{\"content\":\"x\"}").refusal()).isEqualTo("422 PSYNC_S4105");
  }

  @Test
  void theProcessIsAliveAndReady() {
    for (String probe : PROBES) {
      assertThat(operator.get(probe).status()).as(probe).isEqualTo(200);
    }
  }
}
