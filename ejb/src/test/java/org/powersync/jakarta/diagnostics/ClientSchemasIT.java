package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.postgres.cases.StorageCase;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;

/** Client schemas of stored and other sync configs, on real storage. */
class ClientSchemasIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        all:
          data: [SELECT * FROM lists]
      """;

  private final ConfiguredSource source =
      new ConfiguredSource() {
        @Override
        public Optional<SourceInspection> get() {
          return Optional.of(new FakeSource());
        }

        @Override
        public boolean deployable() {
          return true;
        }
      };

  @Test
  void aConfigIsActiveOrBeingDeployedOrGiven() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      ClientSchemas schemas = new ClientSchemas(c.provider(), source);
      assertThat(schemas.deploying(ClientLanguage.DART)).contains("lists");
      assertThat(schemas.of(CONFIG.replace("lists", "lists AS renamed"), ClientLanguage.DART))
          .contains("renamed");
      assertThatExceptionOfType(PowerSyncException.class)
          .isThrownBy(() -> schemas.active(ClientLanguage.DART))
          .extracting(PowerSyncException::code)
          .isEqualTo(ErrorCode.PSYNC_S4104);

      c.execute("UPDATE powersync.sync_rules SET state = 'ACTIVE'");
      assertThat(schemas.active(ClientLanguage.DART)).contains("lists");
      assertThatExceptionOfType(PowerSyncException.class)
          .isThrownBy(() -> schemas.deploying(ClientLanguage.DART))
          .extracting(PowerSyncException::code)
          .isEqualTo(ErrorCode.PSYNC_S4104);
    }
  }

  @Test
  void whatIsWrongWithAGivenConfigIsSaidWithItsPlace() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      assertThatExceptionOfType(PowerSyncException.class)
          .isThrownBy(
              () ->
                  new ClientSchemas(c.provider(), source)
                      .of("bucket_definitions:\n  a:\n    data: [SELECT]\n", ClientLanguage.DART))
          .satisfies(
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_R0001);
                assertThat(e.context().get(ConfigDeployments.DETAILS).toString())
                    .contains("line 3, column");
              });
    }
  }
}
