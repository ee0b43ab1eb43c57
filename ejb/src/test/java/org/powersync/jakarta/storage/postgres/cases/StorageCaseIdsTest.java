package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every conformance case of storage is run by a test whose name begins with its id, or the same
 * case of the sync API is run by its tag, or it stands here with the reason why not.
 */
class StorageCaseIdsTest {
  private static final List<String> CASES =
      List.of(
          ("V1 D1 D2 D4 D6 D7 D8 D10 D12 D13 D14 D15 D17 D19 D21 D22 D24 D26 D27 D30 D31 D32 D33"
                  + " D34 D35 D36 D37 D38 P1 P2 P4 P6 P7 P9 P11 P12 P14 P16 C1 C3 C4 C6 C8 N1 N3 N4"
                  + " N5 K1 K2 K4 K5 K7 K8 M1 M3 R1 R3 R4 R5 R6 R8 R9 R11 R12 R14 S1 S2 S4 S6 S7 S9"
                  + " S10 S12 S14 S15 S16 S18")
              .split(" "));

  /** Lines served from storage: the cases of the sync API that say the same. */
  private static final Map<String, String> AS_SYNC_CASE =
      Map.ofEntries(
          Map.entry("S1", "basic-two-rows"),
          Map.entry("S2", "prio-order"),
          Map.entry("S4", "prio-unrelated-commit"),
          Map.entry("S6", "prio-changed-bulk-restarts"),
          Map.entry("S7", "basic-write-checkpoint-only"),
          Map.entry("S9", "token-already-expired"),
          Map.entry("S10", "state-diff-and-positions"),
          Map.entry("S12", "basic-data-only-update"),
          Map.entry("S14", "token-rsocket-quiet"),
          Map.entry("S15", "inval-candidate-state-kept"),
          Map.entry("S16", "inval-compacted-during-send"),
          Map.entry("S18", "wc-lsn-filter"));

  private static final Map<String, String> NOT_RUN =
      Map.of(
          "D21",
          "a config with errors is refused before it is deployed; no plan of it is stored",
          "N5",
          "a notification is a hint, the row is the truth (design D6): what it says is not used",
          "M1",
          "migrations are never taken back; what the reference took back is migrated again"
              + " (MigrationIT)");

  @Test
  void everyCaseIsRunOrExplained() throws IOException {
    String tests = sources("ejb") + sources("ear");
    Map<String, String> missing = new TreeMap<>();
    for (String id : CASES) {
      String tag = AS_SYNC_CASE.get(id);
      boolean run =
          tag == null
              ? Pattern.compile("void (\\w+And)?(?i:" + id + ")(?=[A-Z])\\w*\\(")
                  .matcher(tests)
                  .find()
              : tests.contains("@Tag(\"" + tag + "\")");
      if (!run) {
        missing.put(id, NOT_RUN.getOrDefault(id, "not explained"));
      }
    }
    assertThat(missing).isEqualTo(new TreeMap<>(NOT_RUN));
  }

  private static String sources(String module) throws IOException {
    StringBuilder sources = new StringBuilder();
    Path root = Path.of("").toAbsolutePath().resolveSibling(module).resolve("src/test/java");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.append(Files.readString(file));
      }
    }
    return sources.toString();
  }
}
