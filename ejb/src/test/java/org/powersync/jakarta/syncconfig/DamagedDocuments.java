package org.powersync.jakarta.syncconfig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The documents of the recorded vectors with random damage; half of them are as recorded. */
final class DamagedDocuments {
  private static final List<String> PIECES =
      List.of(
          "'",
          "\"",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ":",
          ": ",
          "- ",
          "\n",
          "\n  ",
          "\t",
          "|",
          ">",
          "&a ",
          "*a",
          "<<: ",
          "!!str ",
          "%",
          "#",
          "\\x",
          "\\u12",
          "\\U",
          "\u0000",
          "\ud83d",
          "\u00e9",
          "SELECT ",
          " FROM ",
          " WHERE ",
          " AND ",
          " OR ",
          " NOT ",
          " IN ",
          "bucket.",
          "auth.user_id()",
          "request.",
          "subscription.parameter('x')",
          "json_each(",
          "::",
          "->>",
          "&&",
          "||",
          "1e999",
          "-0",
          "99999999999999999999999",
          "edition: 2",
          "edition: 3",
          "streams:",
          "priority: 5",
          "---",
          "...",
          "? ",
          ", ");

  private final List<String> documents = new ArrayList<>();

  DamagedDocuments() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.syncConfig")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        for (JsonNode vector : mapper.readTree(file.toFile()).get("vectors")) {
          if (vector.has("yaml")) {
            documents.add(vector.get("yaml").asText());
          }
        }
      }
    }
  }

  String next(Random random) {
    StringBuilder yaml = new StringBuilder(any(random));
    for (int damages = random.nextInt(6) - 2; damages > 0; damages--) {
      if (random.nextInt(3) == 0) {
        tear(yaml, random);
      } else {
        exchange(yaml, random);
      }
    }
    return yaml.toString();
  }

  private String any(Random random) {
    return documents.get(random.nextInt(documents.size()));
  }

  private static void tear(StringBuilder yaml, Random random) {
    int at = random.nextInt(yaml.length() + 1);
    int until = Math.min(yaml.length(), at + random.nextInt(12));
    switch (random.nextInt(4)) {
      case 0 -> yaml.delete(at, until);
      case 1 -> yaml.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      case 2 -> yaml.replace(at, until, PIECES.get(random.nextInt(PIECES.size())));
      default -> yaml.insert(random.nextInt(yaml.length() + 1), yaml.substring(at, until));
    }
  }

  /** Puts a word of some document in the place of another word. */
  private void exchange(StringBuilder yaml, Random random) {
    String other = any(random);
    int[] from = word(other, random);
    int[] to = word(yaml, random);
    yaml.replace(to[0], to[1], other.substring(from[0], from[1]));
  }

  private static int[] word(CharSequence text, Random random) {
    if (text.isEmpty()) {
      return new int[] {0, 0};
    }
    int start = random.nextInt(text.length());
    int end = start;
    while (start > 0 && Character.isJavaIdentifierPart(text.charAt(start - 1))) {
      start--;
    }
    while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
      end++;
    }
    return new int[] {start, Math.max(end, start)};
  }
}
