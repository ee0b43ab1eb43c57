package org.powersync.jakarta.storage.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.rename;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * {@code scenario-writes-v1/2/3.json}: results, notifications and full table contents after each
 * step of one writer. Steps are told in words; the ones known here are coded below.
 */
public final class WriteScenarioVectors implements VectorFile {
  private static final String RESOLVE =
      "resolve table public.test (connection 1, object id = hash number, replica id column id"
          + " VARCHAR/25, generated id fixed to 6544e3899293153fa7b38331)";
  private static final SourceTable TEST = WriterDatabase.dataTable("test");

  private final int storageVersion;

  public WriteScenarioVectors(int storageVersion) {
    this.storageVersion = storageVersion;
  }

  /** What a step does; returns its result in the form of the file. */
  @FunctionalInterface
  private interface Step {
    JsonNode run(WriterDatabase database, BucketWriter writer);
  }

  @Override
  public void check(JsonNode file, VectorTally tally) throws Exception {
    RowConfig config = RowConfig.global(storageVersion, "id", "description");
    Map<String, Step> known = steps();
    try (WriterDatabase database = new WriterDatabase(storageVersion);
        BucketWriter writer = database.writer(config)) {
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        Step action = known.get(name);
        if (action == null) {
          tally.notSupported("storage version " + storageVersion + ", " + name, "unknown step");
          continue;
        }
        tally.check(
            "storage version " + storageVersion + ", " + name,
            () -> {
              JsonNode result = action.run(database, writer);
              assertThat(result).isEqualTo(step.get("result"));
              assertThat(database.notifications())
                  .containsExactlyElementsOf(step.get("notifications").findValuesAsText("payload"));
              ScenarioState.check(database, step.get("state"));
            });
      }
    }
  }

  private static Map<String, Step> steps() {
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("deploy sync config", (database, writer) -> null);
    steps.put(
        RESOLVE,
        (database, writer) -> {
          // The id of a new record is random; the files fix it.
          database.insertSourceTable(TEST, 3039244919L);
          return null;
        });
    steps.put(
        "mark all snapshot done, no checkpoint before 1/1",
        (database, writer) -> {
          database.snapshotsDone("1/1");
          return null;
        });
    steps.put(
        "insert test1 (description first), insert test2 (description second); flush",
        (database, writer) -> {
          writer.save(insert(TEST, row("id", "test1", "description", "first")));
          writer.save(insert(TEST, row("id", "test2", "description", "second")));
          return flushed(writer.flush());
        });
    steps.put("commit 0/9 (below the barrier)", commit("0/9", true));
    steps.put("commit 1/1", commit("1/1", true));
    steps.put(
        "update test1 with unchanged (undefined) description; commit 2/1",
        (database, writer) -> {
          writer.save(update(TEST, row("id", "test1", "description", SqlValue.ABSENT)));
          return result(writer.commit(new Lsn("2/1"), true));
        });
    steps.put(
        "update test2 -> test3 (replica id change), description moved; flush",
        (database, writer) -> {
          writer.save(rename(TEST, "test2", row("id", "test3", "description", "moved")));
          return flushed(writer.flush());
        });
    steps.put(
        "delete test1; flush (not committed)",
        (database, writer) -> {
          writer.save(delete(TEST, "test1"));
          return flushed(writer.flush());
        });
    steps.put("commit 3/1", commit("3/1", true));
    steps.put(
        "update of unknown row \"gone\" with undefined description; commit 4/1",
        (database, writer) -> {
          writer.save(update(TEST, row("id", "gone", "description", SqlValue.ABSENT)));
          return result(writer.commit(new Lsn("4/1"), true));
        });
    steps.put("empty commit 5/1 without empty checkpoints", commit("5/1", false));
    steps.put("keepalive 5/1", (database, writer) -> result(writer.keepalive(new Lsn("5/1"))));
    steps.put("truncate table", (database, writer) -> flushed(writer.truncate(List.of(TEST))));
    steps.put("commit 6/1", commit("6/1", true));
    steps.put(
        "drop table",
        (database, writer) -> {
          writer.drop(List.of(TEST));
          return NullNode.getInstance();
        });
    steps.put(
        "terminate",
        (database, writer) -> {
          database.storage().terminate(true, () -> false);
          return null;
        });
    return steps;
  }

  private static Step commit(String position, boolean createEmpty) {
    return (database, writer) -> result(writer.commit(new Lsn(position), createEmpty));
  }

  static JsonNode result(BucketWriter.CommitResult result) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("checkpointBlocked", result.blocked())
        .put("checkpointCreated", result.created());
  }

  static JsonNode flushed(Optional<OpId> op) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return op.map(id -> (JsonNode) node.put("flushed_op", id.toString()))
        .orElse(JsonNodeFactory.instance.nullNode());
  }
}
