package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.powersync.jakarta.storage.postgres.format.StoredRow;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** {@code toast-merge.json}. */
public final class ToastMergeVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "merge " + vector.get("incoming") + " with " + vector.get("stored"),
          () -> {
            byte[] stored = RowBson.document(TaggedValues.row(vector.get("stored")));
            SourceRow merged = StoredRow.merge(TaggedValues.row(vector.get("incoming")), stored);
            assertThat(merged).isEqualTo(TaggedValues.row(vector.get("merged")));
            assertThat(merged.complete()).isEqualTo(vector.get("complete").asBoolean());
          });
    }
  }
}
