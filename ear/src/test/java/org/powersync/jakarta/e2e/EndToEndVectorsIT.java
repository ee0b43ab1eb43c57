package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * Whole scenarios recorded from the reference, against the deployed EAR. The folder is the system
 * property {@code vectors.e2e}; {@code vectors.only} narrows the run to names that contain one of
 * its parts, separated by commas.
 */
class EndToEndVectorsIT {
  private static final String NOT_YET = "not-supported-yet";

  /** Starting a server takes most of the time, and servers are idle in between. */
  private static final int AT_ONCE = 3;

  private final AtomicInteger passed = new AtomicInteger();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<String> notSupported = new ConcurrentLinkedQueue<>();

  @Test
  void scenariosGiveTheRecordedLines() throws Exception {
    Queue<Path> left = new ConcurrentLinkedQueue<>(files());
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 1; i <= AT_ONCE; i++) {
        String server = "vectors-" + i;
        runs.add(
            threads.submit(
                () -> {
                  for (Path file = left.poll(); file != null; file = left.poll()) {
                    run(Scenario.read(file), server);
                  }
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "vectors: %d passed, %d failed, %d not supported%n",
        passed.get(), failed.size(), notSupported.size());
    assertThat(failed).isEmpty();
    assertThat(passed.get()).as("scenarios run").isPositive();
  }

  private void run(Scenario scenario, String server) {
    Optional<String> missing = missing(scenario);
    if (missing.isPresent()) {
      notSupported.add(said("not supported: ", scenario.name() + ": " + missing.get()));
      return;
    }
    try (ScenarioRun run = new ScenarioRun(scenario, server)) {
      Optional<String> difference = run.run();
      if (difference.isPresent()) {
        failed.add(said("failed: ", scenario.name() + ": " + difference.get()));
      } else {
        said("passed: ", scenario.name());
        passed.incrementAndGet();
      }
    } catch (ScenarioRun.NotSupported e) {
      notSupported.add(said("not supported: ", scenario.name() + ": " + e.getMessage()));
    } catch (RuntimeException | AssertionError e) {
      failed.add(said("failed: ", scenario.name() + ": " + e));
    }
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
    List<String> only = List.of(System.getProperty("vectors.only", "").split(","));
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.e2e")))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> only.stream().anyMatch(file.getFileName().toString()::contains))
          .sorted()
          .toList();
    }
  }
}
