package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketWriter.ResolvedTables;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.storage.postgres.table.TestConfig;
import org.powersync.jakarta.syncconfig.TableName;

/** {@code scenario-source-tables.json}. Table ids are random; files number them as they appear. */
public final class SourceTableVectors implements VectorFile {
  private static final String ROWS =
      "SELECT id, connection_id, relation_id, schema_name, table_name, replica_id_columns,"
          + " snapshot_done, source_metadata FROM powersync.source_tables";
  private static final String PROGRESS =
      "SELECT id, snapshot_total_estimated_count, snapshot_replicated_count,"
          + " encode(snapshot_last_key, 'hex') AS last_key FROM powersync.source_tables";
  private static final String STREAM =
      "SELECT snapshot_done, no_checkpoint_before FROM powersync.sync_rules";

  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageFixture fixture = new StorageFixture("vectors")) {
      GroupId stream = fixture.provider().deploy(Deployment.of("test")).id();
      Scenario scenario =
          new Scenario(
              fixture,
              new SourceTables(
                  stream, fixture.resources().entities(), () -> new TestConfig(Set.of("test"))),
              new SnapshotRecord(fixture.resources().sql(), stream),
              new LinkedHashMap<>());
      for (JsonNode step : file.get("steps")) {
        scenario.check(step, tally);
      }
    }
  }

  private record Scenario(
      StorageFixture fixture,
      SourceTables tables,
      SnapshotRecord snapshot,
      Map<String, SourceTable> known) {

    void check(JsonNode step, VectorTally tally) {
      String name = step.get("step").asText();
      String label = "source tables, " + name;
      if (step.has("source")) {
        int connection = name.startsWith("another connection id") ? 2 : 1;
        tally.check(
            label,
            () -> {
              verify(step, tables.resolve(source(step.get("source"), connection)));
              verifyRows(step.get("rows"), ROWS);
            });
        return;
      }
      switch (name) {
        case "mark table T1 snapshot done, no checkpoint before 0/7" ->
            tally.check(
                label,
                () -> {
                  snapshot.markTablesDone(
                      List.of(table("T1")), Optional.of(new Lsn("0/7")), connection -> {});
                  verifyStream(step);
                });
        case "mark snapshot done while T2 is not" ->
            tally.check(
                label,
                () -> {
                  PowerSyncException error =
                      catchThrowableOfType(
                          PowerSyncException.class, () -> snapshot.markStreamDone(new Lsn("0/7")));
                  assertThat(error.code()).hasToString(step.at("/error/code").asText());
                  assertThat(error.getMessage()).contains("public.other");
                });
        case "update progress of T1: estimated 1000, replicated 10, last key abcd" ->
            tally.check(
                label,
                () -> {
                  byte[] key = HexFormat.of().parseHex("abcd");
                  update("T1", new SnapshotProgress(1000, 10, Optional.of(key)));
                  verifyRows(step.get("rows"), PROGRESS);
                });
        case "update progress of T1: replicated 20" ->
            tally.check(
                label,
                () -> {
                  SnapshotProgress before = table("T1").progress();
                  update("T1", new SnapshotProgress(before.estimatedRows(), 20, before.lastKey()));
                  verifyRows(step.get("rows"), PROGRESS);
                });
        case "mark table snapshot required" ->
            tally.check(
                label,
                () -> {
                  snapshot.markStreamNotDone();
                  verifyStream(step);
                  verifyRows(step.get("rows"), ROWS);
                });
        default -> tally.notSupported(label, "the API has no such operation");
      }
    }

    private void update(String id, SnapshotProgress progress) {
      known.put(id, snapshot.updateProgress(table(id), progress));
    }

    private SourceTable table(String id) {
      return known.get(id);
    }

    private void verify(JsonNode step, ResolvedTables resolved) {
      SourceTable table = resolved.table();
      JsonNode expected = step.get("tables").get(0);
      if (known.values().stream().noneMatch(other -> other.id().equals(table.id()))) {
        known.put("T" + (known.size() + 1), table);
      }
      assertThat(label(table.id())).isEqualTo(expected.get("id").asText());
      assertThat(table.objectId()).isEqualTo(objectId(expected));
      assertThat(table.snapshotComplete()).isEqualTo(expected.get("snapshotComplete").asBoolean());
      assertThat(table.storeCurrentData()).isEqualTo(expected.get("storeCurrentData").asBoolean());
      assertThat(table.syncsData()).isEqualTo(expected.get("syncData").asBoolean());
      assertThat(table.syncsParameters()).isEqualTo(expected.get("syncParameters").asBoolean());
      assertThat(table.progress().estimatedRows())
          .isEqualTo(expected.at("/snapshotStatus/totalEstimatedCount").asLong());
      assertThat(table.progress().copiedRows())
          .isEqualTo(expected.at("/snapshotStatus/replicatedCount").asLong());
      List<String> outdated = new ArrayList<>();
      step.get("dropTables").forEach(id -> outdated.add(id.asText()));
      assertThat(resolved.outdated())
          .extracting(other -> label(other.id()))
          .containsExactlyInAnyOrderElementsOf(outdated);
    }

    /** Compares those rows and those columns that the file shows. */
    private void verifyRows(JsonNode expected, String query) {
      Map<String, JsonNode> stored = new LinkedHashMap<>();
      for (JsonNode row : fixture.rows(query)) {
        String label = label(row.get("id").asText());
        stored.put(label, ((ObjectNode) row).put("id", label));
      }
      for (JsonNode row : expected) {
        ObjectNode shown = stored.get(row.get("id").asText()).deepCopy();
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        assertThat(shown.retain(names)).isEqualTo(row);
      }
    }

    private void verifyStream(JsonNode step) {
      JsonNode expected = step.get("sync_rules");
      ObjectNode stored = (ObjectNode) fixture.rows(STREAM).get(0);
      expected
          .fieldNames()
          .forEachRemaining(name -> assertThat(stored.get(name)).isEqualTo(expected.get(name)));
    }

    private String label(String id) {
      return known.entrySet().stream()
          .filter(entry -> entry.getValue().id().equals(id))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(id);
    }
  }

  private static SourceDescriptor source(JsonNode source, int connection) {
    List<IdentityColumn> identity = new ArrayList<>();
    for (JsonNode column : source.get("replicaIdColumns")) {
      identity.add(
          new IdentityColumn(
              column.get("name").asText(),
              Optional.of(column.get("type").asText()),
              OptionalInt.of(column.get("typeId").asInt())));
    }
    return new SourceDescriptor(
        connection,
        new TableName(
            source.get("connectionTag").asText(),
            source.get("schema").asText(),
            source.get("name").asText()),
        objectId(source),
        identity,
        source.path("sendsCompleteRows").asBoolean());
  }

  private static OptionalLong objectId(JsonNode node) {
    return node.has("objectId")
        ? OptionalLong.of(node.get("objectId").asLong())
        : OptionalLong.empty();
  }
}
