package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No document crashes the loader, hangs it or eats memory: whatever is wrong becomes messages with
 * a place. Documents are recorded ones with random damage; {@code -Dsyncconfig.fuzz.seconds} makes
 * a longer run with new seeds, and the failure names the seed to keep in {@link #KEPT_SEEDS}.
 */
class SyncConfigPropertyTest {
  private static final List<Long> KEPT_SEEDS = List.of(1L, 2L, 3L);
  private static final int DOCUMENTS_PER_SEED = 400;
  private static final Duration LIMIT = Duration.ofSeconds(20);

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

  static List<Long> seeds() {
    return KEPT_SEEDS;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedDocumentsLoadOrAreRefused(long seed) throws IOException {
    List<String> documents = documents();
    assertTimeoutPreemptively(LIMIT, () -> fuzz(seed, documents));
  }

  @Test
  void aLongerRunWithNewSeedsFindsNothingEither() throws IOException {
    long seconds = Long.getLong("syncconfig.fuzz.seconds", 0);
    List<String> documents = documents();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (System.nanoTime() < end) {
      long seed = System.nanoTime();
      assertTimeoutPreemptively(LIMIT, () -> fuzz(seed, documents), "seed " + seed);
    }
  }

  private static void fuzz(long seed, List<String> documents) {
    Random random = new Random(seed);
    for (int i = 0; i < DOCUMENTS_PER_SEED; i++) {
      String yaml = damaged(documents.get(random.nextInt(documents.size())), random);
      try {
        check(yaml);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", document " + i + ":\n" + yaml, e);
      }
    }
  }

  private static LoadResult check(String yaml) {
    LoadResult loaded = SyncConfig.load(yaml, "public");
    assertThat(loaded.config().isPresent()).isEqualTo(loaded.fatal().isEmpty());
    long lines = yaml.lines().count() + 1;
    for (ConfigMessage message : loaded.messages()) {
      assertThat(message.text()).isNotBlank();
      assertThat(message.start()).isNotNegative();
      assertThat(message.end()).isGreaterThanOrEqualTo(message.start());
      assertThat((long) message.line()).isBetween(1L, lines);
      assertThat(message.column()).isPositive();
    }
    return loaded;
  }

  private static String damaged(String document, Random random) {
    StringBuilder yaml = new StringBuilder(document);
    for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
      int at = random.nextInt(yaml.length() + 1);
      int until = Math.min(yaml.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> yaml.delete(at, until);
        case 1 -> yaml.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> yaml.replace(at, until, PIECES.get(random.nextInt(PIECES.size())));
        default -> yaml.insert(random.nextInt(yaml.length() + 1), yaml.substring(at, until));
      }
    }
    return yaml.toString();
  }

  private static List<String> documents() throws IOException {
    List<String> documents = new ArrayList<>();
    var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.syncConfig")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        for (var vector : mapper.readTree(file.toFile()).get("vectors")) {
          if (vector.has("yaml")) {
            documents.add(vector.get("yaml").asText());
          }
        }
      }
    }
    return documents;
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    LoadResult loaded =
        check(
            """
            config: {edition: 2, colour: red}
            bucket_definitions:
              a: {priority: 9, data: [SELECT nope FROM t, SELECT id FROM]}
            streams:
              s: {query: "SELECT id FROM t WHERE unknown(x)"}
            event_definitions:
              e: {payloads: [SELECT upper(x) FROM t]}
            """);
    assertThat(loaded.fatal())
        .extracting(ConfigMessage::about)
        .containsExactlyInAnyOrder(
            "unknown-key",
            "invalid-priority",
            "missing-id-column",
            "sql-syntax",
            "unknown-function",
            "column-alias-required");
    assertThat(loaded.fatal()).extracting(ConfigMessage::line).containsOnly(1, 3, 5, 7);
  }

  @Test
  void tenThousandDefinitionsLoadInSeconds() {
    String yaml =
        IntStream.range(0, 10_000)
            .mapToObj(
                i -> "  d" + i + ": {data: [SELECT id FROM t" + i + " WHERE a = " + i + "]}\n")
            .collect(Collectors.joining("", "bucket_definitions:\n", ""));
    assertTimeoutPreemptively(LIMIT, () -> assertThat(check(yaml).config()).isPresent());
  }

  @Test
  void tenThousandMistakesAreReportedInSeconds() {
    String yaml =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "  d" + i + ": {data: [SELECT x FROM t]}\n")
            .collect(Collectors.joining("", "bucket_definitions:\n", ""));
    assertTimeoutPreemptively(LIMIT, () -> assertThat(check(yaml).fatal()).hasSize(10_000));
  }

  @Test
  void aBombOfAliasesIsSmall() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String ten = ("*a" + (i - 1) + ", ").repeat(10);
      yaml.append("a").append(i).append(": &a").append(i).append(" [").append(ten).append("]\n");
    }
    yaml.append("bucket_definitions: *a29\n");
    assertTimeoutPreemptively(LIMIT, () -> assertThat(check(yaml.toString()).fatal()).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "NOT ",
        "a AND (",
        "upper(",
        "- ",
        "a IN (SELECT x FROM t WHERE ",
        "CASE WHEN "
      })
  void deepNestingIsRefused(String opening) {
    String sql = "SELECT id FROM t WHERE " + opening.repeat(50_000);
    assertTimeoutPreemptively(
        LIMIT,
        () ->
            assertThat(check("bucket_definitions: {g: {data: ['" + sql + "']}}").fatal())
                .isNotEmpty());
    for (char bracket : new char[] {'[', '{'}) {
      String deep = "a: " + String.valueOf(bracket).repeat(50_000);
      assertTimeoutPreemptively(LIMIT, () -> assertThat(check(deep).fatal()).isNotEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" AND ", " OR ", " + ", " || "})
  void longChainsAreNoDanger(String operator) {
    String sql =
        "SELECT id FROM t WHERE " + "(a = b)".concat((operator + "(a = b)").repeat(20_000));
    for (String yaml :
        List.of(
            "bucket_definitions: {g: {data: ['" + sql + "']}}",
            "{config: {edition: 2}, streams: {s: {query: '" + sql + "'}}}")) {
      assertTimeoutPreemptively(LIMIT, () -> check(yaml));
    }
  }

  @Test
  void manyAlternativesOfAnEarlyStreamAreBounded() {
    String either = "(a = auth.user_id() OR b = auth.user_id())";
    String sql = "SELECT id FROM t WHERE " + either.concat((" AND " + either).repeat(40));
    LoadResult loaded = check("{config: {edition: 2}, streams: {s: {query: '" + sql + "'}}}");
    assertThat(loaded.fatal())
        .extracting(ConfigMessage::about)
        .containsExactly("too-many-or-terms");
  }

  @Test
  void aTextOfMegabytesLoads() {
    String yaml =
        "bucket_definitions:\n  g:\n    data:\n      - >\n        SELECT id\n"
            + "        , upper('text') AS a FROM t -- ".concat("x".repeat(2_000_000))
            + "\n      - SELECT nope FROM t\n";
    assertTimeoutPreemptively(LIMIT, () -> check(yaml));
  }
}
