package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.storage.postgres.format.Checksums;

/** {@code checksum.json}. */
public final class ChecksumVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    Checksums checksums = new Checksums();
    for (JsonNode put : file.get("put")) {
      tally.check(
          put.get("hashed_text").asText(),
          () -> {
            long checksum =
                checksums.put(
                    put.get("object_type").asText(),
                    put.get("object_id").asText(),
                    put.get("data").asText().getBytes(StandardCharsets.UTF_8));
            assertThat(checksum).isEqualTo(put.get("checksum").asLong());
            assertThat(Checksums.add(0, checksum)).isEqualTo(put.get("signed").asInt());
          });
    }
    for (JsonNode remove : file.get("remove")) {
      tally.check(
          remove.get("hashed_text").asText(),
          () ->
              assertThat(checksums.remove(remove.get("subkey").asText()))
                  .isEqualTo(remove.get("checksum").asLong()));
    }
    for (JsonNode sum : file.get("sums")) {
      tally.check(
          "sum of " + sum.get("inputs"),
          () -> {
            int total = 0;
            for (JsonNode input : sum.get("inputs")) {
              total = Checksums.add(total, input.asLong());
            }
            assertThat(total).isEqualTo(sum.get("sum").asInt());
          });
    }
  }
}
