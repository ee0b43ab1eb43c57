package org.powersync.jakarta.storage.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * {@code scenario-writer-edges.json}. Decision A21 is the difference to the recording: a row that
 * becomes too large is removed from its buckets, so there is one REMOVE more and ids after it are
 * one higher.
 */
public final class WriterEdgeVectors implements VectorFile {
  private static final SourceTable TEST = WriterDatabase.dataTable("test");
  private static final int LARGEST = 15_728_605;
  private static final RowConfig CONFIG = RowConfig.global(2, "id", "description");

  /** What a step does; returns the flushed operation. */
  @FunctionalInterface
  private interface Step {
    Optional<OpId> run();
  }

  @Override
  public void check(JsonNode file, VectorTally tally) throws Exception {
    tooLarge(file.get("too_large"), tally);
    currentDataModes(file.get("current_data_modes"), tally);
    tally.check("writer edges, one transaction", WriterEdgeVectors::oneTransaction);
  }

  private static void tooLarge(JsonNode recorded, VectorTally tally) throws Exception {
    try (WriterDatabase database = new WriterDatabase(2);
        BucketWriter writer = database.writer(CONFIG)) {
      Map<String, Step> known = new LinkedHashMap<>();
      known.put(
          "insert big (small description); flush",
          () -> flush(writer, insert(TEST, row("id", "big", "description", "small"))));
      known.put(
          "update big with a 15 MiB description; flush",
          () -> flush(writer, update(TEST, row("id", "big", "description", text(15 << 20)))));
      known.put(
          "delete big; flush (no REMOVE is produced, the old PUT stays)",
          () -> flush(writer, delete(TEST, "big")));
      known.put(
          "insert big again, description of 15728605 x characters: BSON size 15728640, exactly the"
              + " limit; flush",
          () -> flush(writer, insert(TEST, row("id", "big", "description", text(LARGEST)))));
      known.put(
          "insert bih, one character more: BSON size 15728641, too large; flush",
          () -> flush(writer, insert(TEST, row("id", "bih", "description", text(LARGEST + 1)))));
      for (JsonNode step : recorded) {
        run(step, known, database, tally);
      }
      tally.check(
          "writer edges, A21",
          () ->
              assertThat(operations(database.rows(OPERATIONS)))
                  .filteredOn(operation -> operation.startsWith("REMOVE"))
                  .hasSize(1));
    }
  }

  private static void currentDataModes(JsonNode recorded, VectorTally tally) throws Exception {
    List<RowChange.Update> unavailable = new ArrayList<>();
    WriterOptions streaming = WriterOptions.streaming().withOnUnavailable(unavailable::add);
    WriterOptions withoutCopies =
        new WriterOptions(false, false, unavailable::add, event -> {}, failure -> {});
    try (WriterDatabase database = new WriterDatabase(2);
        BucketWriter without = database.writer(CONFIG, withoutCopies, BatchLimits.DEFAULT);
        BucketWriter writer = database.writer(CONFIG, streaming, BatchLimits.DEFAULT);
        BucketWriter skipping =
            database.writer(CONFIG, WriterOptions.snapshot(), BatchLimits.DEFAULT)) {
      Map<String, Step> known = new LinkedHashMap<>();
      known.put(
          "without current data: insert a; flush",
          () -> flush(without, insert(TEST, row("id", "a", "description", "1"))));
      known.put(
          "without current data: update a with undefined description; flush",
          () -> flush(without, update(TEST, row("id", "a", "description", SqlValue.ABSENT))));
      known.put(
          "with current data and callback: update of unknown complete row m; flush",
          () -> flush(writer, update(TEST, row("id", "m", "description", "full"))));
      known.put(
          "update of unknown partial row n, delete of unknown zz; flush",
          () ->
              flush(
                  writer,
                  update(TEST, row("id", "n", "description", SqlValue.ABSENT)),
                  delete(TEST, "zz")));
      known.put(
          "skip existing rows: insert m (exists), insert o; flush",
          () ->
              flush(
                  skipping,
                  insert(TEST, row("id", "m", "description", "changed")),
                  insert(TEST, row("id", "o", "description", "new"))));
      known.put("flush with nothing queued", writer::flush);
      known.put(
          "skip existing rows: update",
          () -> flush(skipping, update(TEST, row("id", "m", "description", "x"))));
      for (JsonNode step : recorded) {
        run(step, known, database, tally);
      }
      // Only rows that stay incomplete are reported (storage 5.7, replication 3.6).
      tally.check(
          "writer edges, unavailable rows",
          () ->
              assertThat(unavailable)
                  .extracting(update -> Rows.id(update.after()))
                  .containsExactly("n"));
    }
  }

  private static void run(
      JsonNode step, Map<String, Step> known, WriterDatabase database, VectorTally tally) {
    String name = step.get("step").asText();
    if (!known.containsKey(name)) {
      tally.notSupported("writer edges, " + name, "unknown step");
      return;
    }
    tally.check(
        "writer edges, " + name,
        () -> {
          if (step.has("error")) {
            PowerSyncException failure =
                catchThrowableOfType(PowerSyncException.class, () -> known.get(name).run());
            assertThat(failure.code()).hasToString(step.at("/error/code").asText());
            return;
          }
          boolean flushed = known.get(name).run().isPresent();
          assertThat(flushed).isEqualTo(!step.get("result").isNull());
          if (step.has("bucket_data")) {
            assertThat(operations(database.rows(OPERATIONS)))
                .filteredOn(operation -> !operation.startsWith("REMOVE"))
                .containsExactlyElementsOf(operations(step.get("bucket_data")));
            assertThat(copies(database.rows(COPIES)))
                .containsExactlyElementsOf(copies(step.get("current_data")));
          }
        });
  }

  private static final String OPERATIONS =
      """
      SELECT bucket_name, op, row_id, checksum, left(data, 60) AS data
        FROM powersync.bucket_data ORDER BY op_id""";
  private static final String COPIES =
      """
      SELECT encode(source_key, 'hex') AS source_key_hex, buckets, length(data) AS data_bytes
        FROM powersync.current_data ORDER BY source_key""";

  private static List<String> operations(JsonNode rows) {
    List<String> operations = new ArrayList<>();
    for (JsonNode row : rows) {
      String data = row.get("data").asText();
      operations.add(
          "%s %s %s %s %s"
              .formatted(
                  row.get("op").asText(),
                  row.get("bucket_name").asText(),
                  row.get("row_id").asText(),
                  row.get("checksum").asText(),
                  data.substring(0, Math.min(60, data.length()))));
    }
    return operations;
  }

  private static List<String> copies(JsonNode rows) {
    List<String> copies = new ArrayList<>();
    for (JsonNode row : rows) {
      copies.add(
          row.get("source_key_hex").asText() + row.get("buckets") + row.get("data_bytes").asText());
    }
    return copies;
  }

  private static Optional<OpId> flush(BucketWriter writer, RowChange... changes) {
    for (RowChange change : changes) {
      writer.save(change);
    }
    return writer.flush();
  }

  private static String text(int length) {
    return "x".repeat(length);
  }

  /** A failing statement in the middle of a flush leaves nothing behind. */
  private static void oneTransaction() throws Exception {
    try (WriterDatabase database = new WriterDatabase(2);
        BucketWriter writer = database.writer(CONFIG)) {
      database.database().execute("ALTER TABLE powersync.bucket_data RENAME TO nosuch");
      writer.save(insert(TEST, row("id", "a", "description", "1")));
      assertThat(catchThrowableOfType(PowerSyncException.class, writer::flush)).isNotNull();
      assertThat(database.rows("SELECT 1 FROM powersync.current_data")).isEmpty();
      database.database().execute("ALTER TABLE powersync.nosuch RENAME TO bucket_data");
      assertThat(writer.flush()).isPresent();
      assertThat(database.rows("SELECT 1 FROM powersync.current_data")).hasSize(1);
    }
  }
}
