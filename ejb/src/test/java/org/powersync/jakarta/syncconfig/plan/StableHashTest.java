package org.powersync.jakarta.syncconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StableHashTest {
  @Test
  void hashesAsRecorded() throws IOException {
    Path file = Path.of(System.getProperty("vectors.syncConfig"), "stable-hash.json");
    JsonNode vectors = new ObjectMapper().readTree(file.toFile()).get("vectors");
    assertThat(vectors).hasSizeGreaterThan(10);
    for (JsonNode vector : vectors) {
      StableHash hash = new StableHash();
      vector.get("hash").get("steps").forEach(step -> feed(hash, step));
      assertThat(hash.finish())
          .as(vector.get("name").asText())
          .isEqualTo(vector.get("hash").get("result").asInt());
    }
  }

  private static void feed(StableHash hash, JsonNode step) {
    if (step.has("string")) {
      hash.addText(step.get("string").asText());
    } else if (step.has("number")) {
      hash.add(step.get("number").asInt());
    } else {
      List<String> texts = new ArrayList<>();
      step.get("unordered").forEach(text -> texts.add(text.asText()));
      hash.addUnordered(texts, StableHash::addText);
    }
  }
}
