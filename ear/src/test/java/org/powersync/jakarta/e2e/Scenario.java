package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One recorded scenario; the format is described beside the vectors. */
record Scenario(JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Scenario read(Path file) {
    try {
      JsonNode scenario = JSON.readTree(file.toFile());
      NonFiniteNumbers.removeFrom(scenario);
      return new Scenario(scenario);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return json.path("name").asText();
  }

  /** The sync config; empty when it comes by a deploy step. */
  Optional<String> config() {
    return Optional.ofNullable(json.path("config").textValue());
  }

  List<String> sourceSetup() {
    List<String> statements = new ArrayList<>();
    json.path("source").path("setup").forEach(statement -> statements.add(statement.asText()));
    return statements;
  }

  boolean awaitActive() {
    return config().isPresent() && json.path("awaitActive").asBoolean(true);
  }

  boolean tagged(String tag) {
    for (JsonNode each : json.path("tags")) {
      if (each.asText().equals(tag)) {
        return true;
      }
    }
    return false;
  }

  /** Settings merged over the common ones. */
  JsonNode service() {
    return json.path("service");
  }

  List<JsonNode> steps() {
    List<JsonNode> steps = new ArrayList<>();
    json.path("steps").forEach(steps::add);
    return steps;
  }

  /** Every sync config that the scenario puts to use, in order. */
  List<String> configs() {
    List<String> configs = new ArrayList<>();
    config().ifPresent(configs::add);
    for (JsonNode step : steps()) {
      if (step.path("deploy").isTextual()) {
        configs.add(step.path("deploy").asText());
      }
      if (step.path("restart").path("config").isTextual()) {
        configs.add(step.path("restart").path("config").asText());
      }
    }
    return configs;
  }
}
