package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;

/** Rows that a query fails on are counted by definition, and stop nothing (storage section 5.7). */
class RowFailuresIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        by_tag:
          parameters: SELECT id AS tag FROM test WHERE json_extract(d, '$.o') = request.user_id()
          data: [SELECT id FROM tagged WHERE tag = bucket.tag]
        good:
          data: ["SELECT id, d FROM test"]
        bad:
          data: ["SELECT id, json_extract(d, '$.a') AS a FROM test"]
      """;

  private final RowFailures failures = new RowFailures();

  @Test
  void failuresAreCountedByDefinition() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourceTable test = c.table("test");
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnFailure(failures::add));
      writer.save(insert(test, row("id", "1", "d", "{")));
      writer.save(insert(test, row("id", "2", "d", "{")));
      writer.save(insert(test, row("id", "3", "d", "{\"a\":1}")));
      writer.flush();
      assertThat(c.all("good[]")).hasSize(3);
      assertThat(c.all("bad[]")).hasSize(1);
      assertThat(failures.total()).isEqualTo(4);
      assertThat(failures.of(c.status().id()))
          .extracting(
              count -> count.failure().definition(),
              count -> count.failure().table().name(),
              count -> count.failure().about(),
              RowFailures.Count::count)
          .containsExactly(
              tuple("bad", "test", "invalid-json", 2L),
              tuple("by_tag", "test", "invalid-json", 2L));
    }
  }

  @Test
  void rowsThatAreTooLargeAreCounted() {
    List<RowFailure> found = new ArrayList<>();
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnFailure(found::add));
      writer.save(insert(c.table("test"), row("id", "1", "d", "x".repeat(16 << 20))));
      writer.flush();
      assertThat(found)
          .extracting(RowFailure::definition, RowFailure::about)
          .containsExactly(tuple("", RowFailure.TOO_LARGE));
      assertThat(found.get(0).text()).contains("PSYNC_S1002");
    }
  }
}
