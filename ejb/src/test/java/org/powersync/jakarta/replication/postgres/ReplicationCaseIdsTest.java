package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every conformance case of a Postgres source is run by a test with its id as tag, or stands here
 * with the reason why not.
 */
class ReplicationCaseIdsTest {
  private static final Map<String, String> NOT_RUN =
      Map.of(
          "TYP-02",
          "there is no parameterised query path: rows are read by COPY in text form and by the"
              + " stream only");

  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z]{3}-\\d\\d)\"\\)");

  @Test
  void everyCaseIsRunOrExplained() throws IOException {
    Map<String, String> cases = cases();
    Set<String> tagged = tagged();
    assertThat(cases).hasSizeGreaterThan(100);
    Set<String> missing = new TreeSet<>(cases.keySet());
    missing.removeAll(tagged);
    assertThat(missing).containsExactlyInAnyOrderElementsOf(NOT_RUN.keySet());
  }

  /** Ids and titles. */
  private static Map<String, String> cases() throws IOException {
    Map<String, String> cases = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ReplicationCaseIdsTest.class.getResourceAsStream("replication-cases.txt"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        cases.put(line.substring(0, 6), line.substring(7));
      }
    }
    return cases;
  }

  private static Set<String> tagged() throws IOException {
    Set<String> tagged = new TreeSet<>();
    for (Path module : modules()) {
      try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          Matcher tags = TAG.matcher(Files.readString(file));
          while (tags.find()) {
            tagged.add(tags.group(1));
          }
        }
      }
    }
    return tagged;
  }

  private static List<Path> modules() {
    Path ejb = Path.of("").toAbsolutePath();
    return List.of(ejb, ejb.resolveSibling("server-config"));
  }
}
