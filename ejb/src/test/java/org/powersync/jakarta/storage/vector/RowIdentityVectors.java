package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.NameUuid;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** {@code row-identity-uuid.json}. */
public final class RowIdentityVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "identity of " + vector.get("row"),
          () -> {
            SourceRow row = TaggedValues.row(vector.get("row"));
            List<String> names = new ArrayList<>();
            List<SqlValue> values = new ArrayList<>();
            for (JsonNode column : vector.get("identity_columns")) {
              names.add(column.asText());
              values.add(row.value(column.asText()));
            }
            byte[] name = RowBson.document(names, values);
            assertThat(HexFormat.of().formatHex(name)).isEqualTo(vector.get("bson_hex").asText());
            assertThat(NameUuid.of(name)).hasToString(vector.get("uuid").asText());
          });
    }
  }
}
