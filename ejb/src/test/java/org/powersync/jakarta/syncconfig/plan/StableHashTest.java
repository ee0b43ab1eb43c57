package org.powersync.jakarta.syncconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StableHashTest {
  @Test
  void hashesAsRecorded() throws IOException {
    Path file = Path.of(System.getProperty("vectors.syncConfig"), "stable-hash.json");
    JsonNode vectors = new ObjectMapper().readTree(file.toFile()).get("vectors");
    assertThat(vectors).hasSizeGreaterThan(10);
    for (JsonNode vector : vectors) {
      assertThat(StableHashVector.finish(vector.get("hash").get("steps")))
          .as(vector.get("name").asText())
          .isEqualTo(vector.get("hash").get("result").asInt());
    }
  }
}
