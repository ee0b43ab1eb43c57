package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All recorded vectors of the sync config language. */
class SyncConfigVectorsTest {
  private final ObjectMapper mapper = new ObjectMapper();
  private final List<String> failures = new ArrayList<>();
  private final Counts total = new Counts();

  private static final class Counts {
    private int passed;
    private int failed;
    private int notSupported;

    @Override
    public String toString() {
      return passed + " passed, " + failed + " failed, " + notSupported + " not supported";
    }
  }

  @Test
  void behavesAsRecorded() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.syncConfig")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        run(file);
      }
    }
    failures.forEach(System.out::println);
    System.out.println("vectors: " + total);
    assertThat(failures).isEmpty();
  }

  private void run(Path file) throws IOException {
    JsonNode document = mapper.readTree(file.toFile());
    Counts area = new Counts();
    for (JsonNode vector : document.get("vectors")) {
      String name = document.get("area").asText() + " " + vector.get("name").asText();
      count(name, outcome(vector), area);
    }
    System.out.println(document.get("area").asText() + ": " + area);
    total.passed += area.passed;
    total.failed += area.failed;
    total.notSupported += area.notSupported;
  }

  private static SyncConfigVector.Outcome outcome(JsonNode vector) {
    try {
      return new SyncConfigVector(vector).run();
    } catch (RuntimeException e) {
      return new SyncConfigVector.Outcome.Failed(List.of("threw " + e));
    }
  }

  private void count(String name, SyncConfigVector.Outcome outcome, Counts area) {
    if (outcome instanceof SyncConfigVector.Outcome.Passed) {
      area.passed++;
    } else if (outcome instanceof SyncConfigVector.Outcome.Failed failed) {
      area.failed++;
      failures.add(name + ": " + String.join("\n", failed.differences()));
    } else {
      area.notSupported++;
    }
  }
}
