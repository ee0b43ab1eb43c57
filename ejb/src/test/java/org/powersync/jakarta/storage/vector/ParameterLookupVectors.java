package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** {@code parameter-lookup.json}. */
public final class ParameterLookupVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "lookup " + vector.get("json").asText(),
          () -> {
            ParameterLookup lookup =
                new ParameterLookup(
                    vector.get("lookup_name").asText(),
                    vector.get("query_id").asText(),
                    TaggedValues.values(vector.get("values")));
            assertThat(lookup.values()).isEqualTo(TaggedValues.values(vector.get("normalized")));
            assertThat(HexFormat.of().formatHex(Lookups.bytes(lookup)))
                .isEqualTo(vector.get("lookup_hex").asText());
          });
    }
  }
}
