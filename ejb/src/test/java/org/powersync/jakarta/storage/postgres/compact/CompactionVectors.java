package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionOptions.Limits;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.ScenarioState;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/** {@code scenario-compaction.json}: one bucket before and after compaction. */
public final class CompactionVectors implements VectorFile {
  private static final SourceTable TEST = WriterDatabase.dataTable("test");

  /** What a step does. */
  @FunctionalInterface
  private interface Step {
    void run(WriterDatabase database, BucketWriter writer);
  }

  @Override
  public void check(JsonNode file, VectorTally tally) throws Exception {
    Map<String, Step> known = steps();
    try (WriterDatabase database = new WriterDatabase(1);
        BucketWriter writer = database.writer(RowConfig.global(1, "id", "description"))) {
      database.snapshotsDone("1/1");
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        if (!known.containsKey(name)) {
          tally.notSupported("compaction, " + name, "unknown step");
          continue;
        }
        tally.check(
            "compaction, " + name,
            () -> {
              known.get(name).run(database, writer);
              ScenarioState.check(database, onlyTables(step));
              JsonNode result = step.get("result");
              if (result != null) {
                assertThat(checksum(database)).isEqualTo(result.get("checksums").get(0));
              } else if (name.startsWith("a=1")) {
                assertThat(checksum(database)).isEqualTo(file.get("checksum_before").get(0));
              }
            });
      }
    }
  }

  private static JsonNode onlyTables(JsonNode step) {
    return JsonNodeFactory.instance.objectNode().set("bucket_data", step.get("bucket_data"));
  }

  private static Map<String, Step> steps() {
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put(
        "a=1, b=1, a=2, delete b, c=1, a=3, b=2, c=2",
        (database, writer) -> {
          writer.save(insert(TEST, row("id", "a", "description", "1")));
          writer.save(insert(TEST, row("id", "b", "description", "1")));
          writer.save(update(TEST, row("id", "a", "description", "2")));
          writer.save(delete(TEST, "b"));
          writer.save(insert(TEST, row("id", "c", "description", "1")));
          writer.save(update(TEST, row("id", "a", "description", "3")));
          writer.save(insert(TEST, row("id", "b", "description", "2")));
          writer.save(update(TEST, row("id", "c", "description", "2")));
          writer.commit(new Lsn("1/1"), true);
        });
    steps.put(
        "compact with max op id 6", compact(CompactionOptions.DEFAULT.withMaxOp(new OpId(6))));
    steps.put("compact with defaults (up to checkpoint 8)", compact(CompactionOptions.DEFAULT));
    steps.put(
        "delete a, b, c; commit 2/1",
        (database, writer) -> {
          writer.save(delete(TEST, "a"));
          writer.save(delete(TEST, "b"));
          writer.save(delete(TEST, "c"));
          writer.commit(new Lsn("2/1"), true);
        });
    steps.put(
        "compact with clear batch 2, move batch 1, query batch 1",
        compact(CompactionOptions.DEFAULT.withLimits(new Limits(1, 2, 1))));
    return steps;
  }

  private static Step compact(CompactionOptions options) {
    return (database, writer) -> {
      Compaction compaction = new PostgresCompaction(database.resources());
      compaction.compact(database.stream().id(), options, () -> false);
    };
  }

  private static JsonNode checksum(WriterDatabase database) {
    return database
        .rows(
            """
            SELECT bucket_name AS bucket, count(*) AS count,
              ((sum(checksum)::bigint + 2147483648) & 4294967295) - 2147483648 AS checksum
              FROM powersync.bucket_data GROUP BY bucket_name""")
        .get(0);
  }
}
