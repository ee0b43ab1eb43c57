package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;

/** What a writer for copies stores, against what one for streaming stores of the same rows. */
class CopiedRowsIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        all_rows:
          data:
            - SELECT id, body FROM test
            - SELECT id, owner FROM test WHERE kind = 'a'
        by_owner:
          parameters: SELECT id AS note FROM test WHERE owner = token_parameters.user_id
          data:
            - SELECT * FROM test WHERE id = bucket.note
      """;
  private static final int LARGE = 700_000;

  private static final String OPERATIONS =
      """
      SELECT bucket_name, op, source_table, source_key, table_name, row_id, checksum,
             md5(data) AS data, target_op
        FROM powersync.bucket_data\
      """;
  private static final String PARAMETERS =
      "SELECT source_table, source_key, lookup, bucket_parameters FROM powersync.bucket_parameters";

  /** Rows in no order of keys, some of them large, in two buckets at least each. */
  private static List<RowChange> rows(SourceTable table, int count) {
    List<RowChange> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String body = i % 100 == 50 ? "x".repeat(LARGE) : "body " + i;
      rows.add(
          insert(
              table,
              row(
                  "id",
                  "n" + i,
                  "owner",
                  "user" + i % 7,
                  "kind",
                  i % 10 == 5 ? "a" : "b",
                  "body",
                  body)));
    }
    Collections.shuffle(rows, new Random(1));
    return rows;
  }

  private static void save(BucketWriter writer, List<RowChange> rows) {
    rows.forEach(writer::save);
    writer.flush();
  }

  private static List<String> stored(StorageCase c, String query) {
    return c.rows(query).stream().map(JsonNode::toString).sorted().toList();
  }

  private static String current(int version) {
    return "SELECT source_table, source_key, buckets::text AS buckets, md5(data) AS data,"
        + " lookups::text AS lookups FROM powersync."
        + (version < 3 ? "current_data" : "v3_current_data");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theSameIsStored(int version) {
    try (StorageCase streamed = new StorageCase(version, CONFIG);
        StorageCase copied = new StorageCase(version, CONFIG)) {
      save(streamed.writer(), rows(streamed.table("test"), 500));
      save(copied.writer(WriterOptions.snapshot()), rows(copied.table("test"), 500));

      assertThat(stored(copied, OPERATIONS)).isEqualTo(stored(streamed, OPERATIONS)).hasSize(1050);
      assertThat(stored(copied, PARAMETERS)).isEqualTo(stored(streamed, PARAMETERS)).hasSize(500);
      String current = current(version);
      assertThat(stored(copied, current)).isEqualTo(stored(streamed, current)).hasSize(500);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void noIdIsUsedTwiceAndTheLastIsTold(int version) {
    try (StorageCase c = new StorageCase(version, CONFIG)) {
      BucketWriter writer = c.writer(WriterOptions.snapshot());
      rows(c.table("test"), 200).forEach(writer::save);
      Optional<OpId> last = writer.flush();

      JsonNode ids =
          c.rows(
                  "SELECT count(*) AS ids, count(DISTINCT id) AS different, max(id) AS last FROM ("
                      + "SELECT op_id AS id FROM powersync.bucket_data UNION ALL"
                      + " SELECT id FROM powersync.bucket_parameters) AS used")
              .get(0);
      assertThat(ids.get("ids").longValue()).isEqualTo(620);
      assertThat(ids.get("different").longValue()).isEqualTo(620);
      assertThat(last).contains(new OpId(ids.get("last").longValue()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void rowsThatAreThereStayAndOfEqualOnesTheFirst(int version) {
    try (StorageCase c = new StorageCase(version, CONFIG)) {
      SourceTable table = c.table("test");
      List<RowChange> rows = rows(table, 200);
      save(c.writer(), rows.subList(0, 100));
      BucketWriter writer = c.writer(WriterOptions.snapshot());
      List<RowChange> twice = new ArrayList<>(rows);
      twice.addAll(rows);
      save(writer, twice);
      save(
          writer,
          List.of(insert(table, row("id", "n7", "owner", "other", "kind", "b", "body", "other"))));

      assertThat(stored(c, OPERATIONS)).hasSize(420);
      assertThat(stored(c, PARAMETERS)).hasSize(200);
      assertThat(stored(c, current(version))).hasSize(200);
      assertThat(stored(c, OPERATIONS + " WHERE row_id = 'n7' AND data LIKE '%other%'")).isEmpty();
    }
  }
}
