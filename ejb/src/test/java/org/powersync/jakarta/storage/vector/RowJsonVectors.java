package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.postgres.format.Checksums;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** {@code row-json.json}. */
public final class RowJsonVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    Checksums checksums = new Checksums();
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "row text " + vector.get("json").asText(),
          () -> {
            SourceRow row = TaggedValues.row(vector.get("row"));
            byte[] json = output(row).json();
            if (!finite(row)) {
              assertThat(new String(json, StandardCharsets.UTF_8))
                  .isEqualTo(
                      vector.get("json").asText().replaceAll("(?<=:)(NaN|-?Infinity)", "null"));
              return;
            }
            assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(vector.get("json").asText());
            assertThat(
                    checksums.put(
                        vector.get("object_type").asText(), vector.get("object_id").asText(), json))
                .isEqualTo(vector.get("put_checksum").asLong());
          });
    }
  }

  /** Decision A1: what is no finite number becomes null, so text and checksum differ. */
  private static boolean finite(SourceRow row) {
    for (int i = 0; i < row.size(); i++) {
      if (row.value(i) instanceof SqlValue.Real real && !Double.isFinite(real.value())) {
        return false;
      }
    }
    return true;
  }

  private static OutputRow output(SourceRow row) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      SqlValue value = row.value(i);
      if (value != SqlValue.ABSENT && !(value instanceof SqlValue.Blob)) {
        names.add(row.layout().name(i));
        values.add(value);
      }
    }
    return new OutputRow(names, values);
  }
}
