package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * Whole scenarios recorded from the reference, against the deployed EAR. The folder is the system
 * property {@code vectors.e2e}; {@code vectors.only} narrows the run to names that contain it.
 */
class EndToEndVectorsIT {
  private static final String NOT_YET = "not-supported-yet";

  @Test
  void scenariosGiveTheRecordedLines() throws IOException {
    int passed = 0;
    List<String> failed = new ArrayList<>();
    List<String> notSupported = new ArrayList<>();
    for (Path file : files()) {
      Scenario scenario = Scenario.read(file);
      Optional<String> missing = missing(scenario);
      if (missing.isPresent()) {
        notSupported.add(said("not supported: ", scenario.name() + ": " + missing.get()));
        continue;
      }
      try (ScenarioRun run = new ScenarioRun(scenario)) {
        Optional<String> difference = run.run();
        if (difference.isPresent()) {
          failed.add(said("failed: ", scenario.name() + ": " + difference.get()));
        } else {
          passed++;
        }
      } catch (ScenarioRun.NotSupported e) {
        notSupported.add(said("not supported: ", scenario.name() + ": " + e.getMessage()));
      } catch (RuntimeException | AssertionError e) {
        failed.add(said("failed: ", scenario.name() + ": " + e));
      }
    }
    System.out.printf(
        "vectors: %d passed, %d failed, %d not supported%n",
        passed, failed.size(), notSupported.size());
    assertThat(failed).isEmpty();
    assertThat(passed).as("scenarios run").isPositive();
  }

  /** Says at once what became of a scenario: a run of all takes minutes. */
  private static String said(String what, String scenario) {
    System.out.println(what + scenario);
    return scenario;
  }

  /** A sync config feature of the scenario that this version refuses to deploy. */
  private static Optional<String> missing(Scenario scenario) {
    for (String config : scenario.configs()) {
      for (ConfigMessage message : SyncConfig.load(config, "public").fatal()) {
        if (message.about().equals(NOT_YET)) {
          return Optional.of(message.text());
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> files() throws IOException {
    String only = System.getProperty("vectors.only", "");
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.e2e")))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> file.getFileName().toString().contains(only))
          .sorted()
          .toList();
    }
  }
}
