package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every conformance case of the sync API is run by a test with its id as tag, in whatever module.
 */
class SyncCaseIdsTest {
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([a-z0-9]+(?:-[a-z0-9]+)+)\"\\)");

  @Test
  void everyCaseIsRun() throws IOException {
    Set<String> cases = cases();
    assertThat(cases).hasSize(101);
    Set<String> missing = new TreeSet<>(cases);
    missing.removeAll(tagged());
    assertThat(missing).isEmpty();
  }

  private static Set<String> cases() throws IOException {
    try (InputStream ids = SyncCaseIdsTest.class.getResourceAsStream("sync-cases.txt")) {
      return new TreeSet<>(new String(ids.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  private static Set<String> tagged() throws IOException {
    Set<String> tagged = new TreeSet<>();
    Path ear = Path.of("").toAbsolutePath();
    for (String module : List.of("server-config", "ejb", "web", "ear")) {
      try (Stream<Path> files = Files.walk(ear.resolveSibling(module).resolve("src/test/java"))) {
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
}
