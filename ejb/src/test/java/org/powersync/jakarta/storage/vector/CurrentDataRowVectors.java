package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import org.powersync.jakarta.storage.postgres.format.StoredRow;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** {@code current-data-row.json}. */
public final class CurrentDataRowVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "stored row " + vector.get("row"),
          () -> {
            SourceRow row = TaggedValues.row(vector.get("row"));
            byte[] stored = RowBson.document(row);
            assertThat(HexFormat.of().formatHex(stored)).isEqualTo(vector.get("bson_hex").asText());
            assertThat(StoredRow.read(stored)).isEqualTo(TaggedValues.row(vector.get("decoded")));
            assertThat(StoredRow.estimatedSize(row))
                .isEqualTo(vector.get("estimated_row_size").asLong());
          });
    }
  }
}
