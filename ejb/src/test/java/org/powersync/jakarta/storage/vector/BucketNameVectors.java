package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** {@code bucket-name.json}. */
public final class BucketNameVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode one : file.get("cases")) {
      tally.check(
          "bucket name " + one.get("unversioned"),
          () -> {
            String parameters =
                RowJson.parameters(
                    TaggedValues.values(one.get("parameters")).toArray(SqlValue[]::new));
            String definition = one.get("definition").asText();
            assertThat(parameters).isEqualTo(one.get("serialized").asText());
            assertThat(BucketNaming.UNVERSIONED.prefix(definition) + parameters)
                .isEqualTo(one.get("unversioned").asText());
            assertThat(BucketNaming.versioned(7).prefix(definition) + parameters)
                .isEqualTo(one.get("versioned_group_7").asText());
          });
    }
  }
}
