package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.client.ServiceClient;
import org.powersync.jakarta.client.ServiceClient.Answer;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * What operators get from a service without a source connection (sync API sections 2.4 to 2.6), on
 * the deployed EAR. Its sync config is part of its configuration.
 */
class NoSourceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "bucket_definitions: {a: {data: [SELECT * FROM notes]}}";

  private static LibertyServer server;
  private static ServiceClient operator;

  @BeforeAll
  static void start() throws IOException {
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("sourceless_storage");
    server =
        new LibertyServer(
                "no-source",
                ServiceSettings.of(
                    storage.uri(),
                    storage.uri(),
                    Optional.of(CONFIG),
                    JSON.readTree("{\"replication\": {\"connections\": []}}")),
                Map.of())
            .start()
            .awaitReady();
    operator = new ServiceClient(server.uri(), "Token admin-token-1");
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
  void adminRoutesSayThatThereIsNone() throws Exception {
    assertData(operator.post("/api/admin/v1/diagnostics", "{}"), "{\"connections\": []}");
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
    Answer validated = operator.post("/api/sync-rules/v1/validate", "application/yaml", CONFIG);
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
    Answer refused = operator.post("/api/sync-rules/v1/deploy", "application/yaml", CONFIG);
    assertThat(refused.refusal()).isEqualTo("422 PSYNC_S4105");
    assertThat(refused.json().at("/error/details").asText()).contains("service configuration");
    // Also one that is not valid: the text is not looked at.
    assertThat(operator.post("/api/sync-rules/v1/deploy", "{\"content\":\"x\"}").refusal())
        .isEqualTo("422 PSYNC_S4105");
  }

  @Test
  void theProcessIsAliveAndReady() {
    for (String probe : List.of("startup", "readiness", "liveness")) {
      assertThat(operator.get("/probes/" + probe).status()).as(probe).isEqualTo(200);
    }
  }
}
