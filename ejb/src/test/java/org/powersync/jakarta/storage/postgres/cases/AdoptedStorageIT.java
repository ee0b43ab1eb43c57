package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.TextConfigs;
import org.powersync.jakarta.storage.postgres.change.ChangesQuery;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;

/**
 * Databases that the reference left behind: the same stream goes on, and its clients get what the
 * reference would have given them, before and after a compaction.
 */
class AdoptedStorageIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A dump, loaded and opened by this provider. */
  private static final class Adopted implements AutoCloseable {
    final JsonNode recorded;
    final Database database = TestPostgres.shared().createDatabase("adopted");
    final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    final LocalEntityTransactions entities;
    final StorageResources resources;
    final TestReaders readers;
    final PostgresBucketStorageProvider provider;

    Adopted(String name) {
      recorded = json(name + ".json");
      database.execute(text(name + ".sql"));
      entities = new LocalEntityTransactions(database.dataSource());
      resources = new StorageResources(database.dataSource(), entities, scheduler);
      readers = new TestReaders(database);
      new SchemaMigration(database.dataSource()).migrate();
      provider =
          new PostgresBucketStorageProvider(
              resources,
              ProviderSettings.DEFAULT,
              new TextConfigs(),
              (target, options) -> {
                throw new UnsupportedOperationException("nothing is written");
              },
              readers,
              readers.writeCheckpoints());
    }

    BucketStorage storage() {
      return provider.storage(provider.active().orElseThrow());
    }

    @Override
    public void close() {
      readers.close();
      scheduler.shutdownNow();
      entities.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket-definitions-e2", "streams-e3-v2", "streams-e3-v3"})
  void theSameStreamGoesOn(String name) {
    try (Adopted adopted = new Adopted(name)) {
      JsonNode state = adopted.recorded.get("state");
      ReplicationStream stream = adopted.provider.active().orElseThrow();
      assertThat(stream.id().value()).isEqualTo(state.get("id").asInt());
      assertThat(stream.name()).isEqualTo(state.get("slot_name").asText());
      assertThat(stream.state()).hasToString(state.get("state").asText());
      assertThat(stream.storageVersion()).isEqualTo(state.get("storage_version").asInt());
      assertThat(stream.content()).isEqualTo(adopted.recorded.get("config").asText());
      StreamStatus status = adopted.storage().status();
      assertThat(status.snapshotDone()).isTrue();
      assertThat(status.lastCheckpoint()).contains(opId(state.get("last_checkpoint")));
      assertThat(status.lastCheckpointLsn().orElseThrow())
          .hasToString(state.get("last_checkpoint_lsn").asText());
      assertThat(adopted.provider.configure(Deployment.of(stream.content())).changed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket-definitions-e2", "streams-e3-v2", "streams-e3-v3"})
  void clientsGetWhatTheReferenceGaveThem(String name) {
    try (Adopted adopted = new Adopted(name)) {
      BucketReader reader = adopted.storage().reader();
      for (JsonNode client : adopted.recorded.get("clients")) {
        checkLines(reader, client.get("holds"), client.get("reconnect"));
        if (client.has("fresh")) {
          checkLines(reader, JSON.createArrayNode(), client.get("fresh"));
        }
      }
      // Nothing is known of how it came about, so everything may have changed.
      OpId checkpoint = reader.checkpoint().opId();
      assertThat(
              new ChangesQuery(
                      adopted.resources.sql(),
                      adopted.storage().stream().id(),
                      adopted.resources.commits())
                  .between(OpId.ZERO, checkpoint))
          .isEqualTo(new CheckpointChanges.Everything());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket-definitions-e2", "streams-e3-v2", "streams-e3-v3"})
  void compactionChangesNoChecksum(String name) {
    try (Adopted adopted = new Adopted(name)) {
      BucketStorage storage = adopted.storage();
      List<BucketName> buckets = new ArrayList<>();
      adopted
          .recorded
          .at("/state/operations")
          .fieldNames()
          .forEachRemaining(bucket -> buckets.add(new BucketName(bucket)));
      OpId checkpoint = storage.reader().checkpoint().opId();
      Map<BucketName, BucketChecksum> before = storage.reader().checksums(checkpoint, buckets);
      assertThat(
              new PostgresCompaction(adopted.resources)
                  .compact(storage.stream().id(), CompactionOptions.DEFAULT, () -> false)
                  .outcome())
          .isEqualTo(Outcome.DONE);
      storage.reader().clearChecksumCache();
      Map<BucketName, BucketChecksum> after = storage.reader().checksums(checkpoint, buckets);
      for (BucketName bucket : buckets) {
        assertThat(after.get(bucket).checksum())
            .as(bucket.value())
            .isEqualTo(before.get(bucket).checksum());
        assertThat(after.get(bucket).count()).isLessThanOrEqualTo(before.get(bucket).count());
      }
    }
  }

  @Test
  void usersGetTheBucketsThatTheReferenceGaveThem() {
    try (Adopted adopted = new Adopted("bucket-definitions-e2")) {
      BucketStorage storage = adopted.storage();
      BucketReader reader = storage.reader();
      OpId checkpoint = reader.checkpoint().opId();
      for (JsonNode client : adopted.recorded.get("clients")) {
        String user = client.at("/token/claims/sub").asText();
        var evaluation =
            storage
                .syncConfig()
                .evaluate(
                    new SyncRequest(
                        Map.of("sub", user, "user_id", user), Map.of(), true, List.of()));
        List<ResolvedBucket> buckets = new ArrayList<>(evaluation.staticBuckets());
        buckets.addAll(
            evaluation.dynamicBuckets(lookups -> reader.lookups(checkpoint, lookups, 1000)));
        assertThat(buckets)
            .extracting(bucket -> bucket.bucket().value())
            .containsExactlyInAnyOrderElementsOf(
                client.at("/reconnect/0/checkpoint/buckets").findValuesAsText("bucket"));
      }
    }
  }

  /** Compares checksums and operations with the recorded lines. */
  private static void checkLines(BucketReader reader, JsonNode holds, JsonNode lines) {
    JsonNode line = lines.get(0).get("checkpoint");
    OpId checkpoint = opId(line.get("last_op_id"));
    assertThat(reader.checkpoint().opId()).isEqualTo(checkpoint);
    Map<BucketName, OpId> held = new HashMap<>();
    holds.forEach(
        one -> held.put(new BucketName(one.get("name").asText()), opId(one.get("after"))));
    List<BucketPosition> positions = new ArrayList<>();
    Map<BucketName, JsonNode> announced = new LinkedHashMap<>();
    for (JsonNode bucket : line.get("buckets")) {
      BucketName name = new BucketName(bucket.get("bucket").asText());
      announced.put(name, bucket);
      positions.add(new BucketPosition(name, held.getOrDefault(name, OpId.ZERO)));
    }
    reader
        .checksums(checkpoint, announced.keySet())
        .forEach(
            (bucket, sum) -> {
              assertThat(sum.checksum())
                  .as(bucket.value())
                  .isEqualTo(announced.get(bucket).get("checksum").asInt());
              assertThat(sum.count()).isEqualTo(announced.get(bucket).get("count").asLong());
            });
    Map<String, List<String>> expected = new HashMap<>();
    for (JsonNode one : lines) {
      JsonNode data = one.path("data");
      data.path("data")
          .forEach(
              operation ->
                  expected
                      .computeIfAbsent(data.get("bucket").asText(), any -> new ArrayList<>())
                      .add(operation(operation)));
    }
    Map<String, List<String>> read = new HashMap<>();
    for (BucketChunk chunk : reader.read(checkpoint, positions, ReadLimits.DEFAULT)) {
      for (BucketOperation operation : chunk.operations()) {
        read.computeIfAbsent(chunk.bucket().value(), any -> new ArrayList<>())
            .add(operation(operation));
      }
    }
    assertThat(read).isEqualTo(expected);
  }

  private static String operation(JsonNode operation) {
    return String.join(
        " ",
        operation.get("op_id").asText(),
        operation.get("op").asText(),
        operation.path("object_type").asText("-"),
        operation.path("object_id").asText("-"),
        operation.path("subkey").asText("-"),
        operation.get("checksum").asText(),
        operation.path("data").isTextual() ? operation.get("data").asText() : "-");
  }

  private static String operation(BucketOperation operation) {
    return String.join(
        " ",
        Long.toString(operation.opId()),
        operation.kind().name(),
        orDash(operation.objectType()),
        orDash(operation.objectId()),
        orDash(operation.subkey()),
        Long.toString(operation.checksum()),
        orDash(StorageCase.data(operation)));
  }

  private static String orDash(String text) {
    return text == null ? "-" : text;
  }

  private static OpId opId(JsonNode text) {
    return OpId.parse(text.asText());
  }

  private static JsonNode json(String file) {
    try {
      return JSON.readTree(text(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String file) {
    try (InputStream in = AdoptedStorageIT.class.getResourceAsStream("/vectors/adoption/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
