package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.StorageFixture;

/** {@code misc.json}. */
public final class MiscVectors implements VectorFile {
  private static final String UUID_V4 =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageFixture fixture = new StorageFixture("vec")) {
      PostgresBucketStorageProvider provider = fixture.provider();
      tally.check(
          "instance id is stable",
          () ->
              assertThat(provider.instanceId())
                  .matches(UUID_V4)
                  .isEqualTo(fixture.provider().instanceId()));
      tally.check(
          "system identifier",
          () ->
              assertThat(provider.systemIdentifier().toString())
                  .matches("\\d+\\." + fixture.database().name()));
      tally.check("migrations row", () -> migrationsRow(file.get("migrations_row"), fixture));
      tally.check("stream lock", () -> streamLock(file.get("stream_lock"), fixture, provider));
      tally.check(
          "unsupported storage version",
          () -> {
            PowerSyncException error =
                catchThrowableOfType(
                    PowerSyncException.class,
                    () ->
                        provider.deploy(new Deployment("a", Optional.empty(), OptionalInt.of(99))));
            assertThat(error.code())
                .hasToString(file.at("/unsupported_storage_version/code").asText());
          });
    }
  }

  private static void migrationsRow(JsonNode expected, StorageFixture fixture) {
    List<JsonNode> rows = fixture.rows("SELECT id, last_run, log FROM powersync.migrations");
    for (JsonNode entry : rows.get(0).get("log")) {
      assertThat(entry.get("timestamp").asText())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      ((ObjectNode) entry).put("timestamp", "<iso-8601 utc, ms>");
    }
    assertThat(rows).containsExactlyElementsOf(expected);
  }

  private static void streamLock(
      JsonNode expected, StorageFixture fixture, PostgresBucketStorageProvider provider) {
    ReplicationStream stream = provider.deploy(Deployment.of("a"));
    try (StreamLock lock = provider.lock(stream)) {
      assertThat(lock.held()).isTrue();
      JsonNode row = fixture.rows("SELECT name, lock_id, ts FROM powersync.locks").get(0);
      assertThat(row.get("name").asText().replaceAll("[0-9a-f]{4}$", "<4 hex>"))
          .isEqualTo(expected.at("/row/0/name").asText());
      assertThat(row.get("lock_id").asText()).matches(UUID_V4);
      PowerSyncException busy =
          catchThrowableOfType(PowerSyncException.class, () -> fixture.provider().lock(stream));
      assertThat(busy.code()).hasToString(expected.at("/second_lock_error/code").asText());
      assertThat("[" + busy.code() + "] " + busy.text())
          .isEqualTo(expected.at("/second_lock_error/message").asText());
    }
    assertThat(fixture.rows("SELECT name FROM powersync.locks"))
        .containsExactlyElementsOf(expected.get("rows_after_release"));
  }
}
