package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

class StoredPlanIT {
  private static final String STREAMS =
      """
      config:
        edition: 3
      streams:
        notes:
          auto_subscribe: true
          query: SELECT * FROM notes WHERE owner = auth.user_id()
      """;

  private final StorageFixture fixture = new StorageFixture("plan");
  private final TextConfigs configs = new TextConfigs();
  private final PostgresBucketStorageProvider provider = fixture.provider(configs);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void compiledStreamsAreStoredWithTheirPlan() {
    provider.deploy(Deployment.of(STREAMS));

    ReplicationStream stream = provider.deploying().orElseThrow();
    assertThat(stream.syncPlan()).isPresent().isEqualTo(configs.syncPlan(STREAMS));
    assertThat(
            fixture.rows(
                "SELECT sync_plan #>> '{plan,buckets,0,uniqueName}' AS bucket FROM"
                    + " powersync.sync_rules"))
        .singleElement()
        .satisfies(row -> assertThat(row.get("bucket").asText()).isEqualTo("notes|0"));
  }

  @Test
  void aStoredPlanIsUsedInsteadOfTheText() {
    provider.deploy(
        new Deployment("not to be read", configs.syncPlan(STREAMS), OptionalInt.empty()));

    DeployedSyncConfig deployed = configs.deployed(provider.deploying().orElseThrow());
    assertThat(deployed.config().definitions())
        .containsExactly(new DefinitionInfo("notes", true, true));
  }

  @Test
  void bucketDefinitionsHaveNoPlan() {
    provider.deploy(Deployment.of("{bucket_definitions: {g: {data: [SELECT id FROM notes]}}}"));

    assertThat(provider.deploying().flatMap(ReplicationStream::syncPlan))
        .isEqualTo(Optional.empty());
  }
}
