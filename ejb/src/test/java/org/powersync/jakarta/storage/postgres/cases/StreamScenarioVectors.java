package org.powersync.jakarta.storage.postgres.cases;

import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.ScenarioState;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/** {@code scenario-streams.json}: what a compiled stream stores. */
public final class StreamScenarioVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageCase c = new StorageCase(2, file.get("sync_config").asText()).done("1/1")) {
      SourceTable b = c.table("b", "31");
      SourceTable a = c.table("a", "32");
      Map<String, Runnable> steps = new LinkedHashMap<>();
      steps.put(
          "insert b id0 and a a1; commit 1/1",
          () -> {
            c.save(
                insert(b, row("id", "id0", "x", "[\"x1\",\"x2\"]", "y", "[\"y1\",\"y2\"]")),
                insert(a, row("id", "a1", "x", "x1")));
            c.commit("1/1");
          });
      steps.put(
          "update b id0 to x=[\"x2\"], y=[\"y2\"]; commit 1/2",
          () -> {
            c.save(update(b, row("id", "id0", "x", "[\"x2\"]", "y", "[\"y2\"]")));
            c.commit("1/2");
          });
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        if (steps.containsKey(name)) {
          tally.check(
              "streams, " + name,
              () -> {
                steps.get(name).run();
                ScenarioState.check(c::rows, 2, step.get("state"));
              });
        } else {
          tally.notSupported("streams, " + name, "unknown step");
        }
      }
    }
  }
}
