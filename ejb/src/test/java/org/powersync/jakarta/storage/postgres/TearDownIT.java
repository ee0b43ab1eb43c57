package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;

class TearDownIT {
  private static final String RELATIONS =
      "SELECT relname FROM pg_class WHERE relnamespace = 'powersync'::regnamespace";

  @Test
  void nothingIsLeftAndTheSchemaCanBeMadeAgain() {
    try (StorageFixture fixture = new StorageFixture("teardown")) {
      PostgresBucketStorageProvider provider = fixture.provider();
      PrivateTables.create(fixture.resources().sql());
      provider.deploy(Deployment.of("version 3"));
      String instance = provider.instanceId();

      provider.tearDown();
      assertThat(fixture.rows(RELATIONS)).isEmpty();
      provider.tearDown();

      new SchemaMigration(fixture.database().dataSource()).migrate();
      assertThat(provider.active()).isEmpty();
      assertThat(provider.deploying()).isEmpty();
      assertThat(provider.instanceId()).isNotEqualTo(instance);
      assertThat(provider.deploy(Deployment.of("a")).id().value()).isEqualTo(1);
    }
  }
}
