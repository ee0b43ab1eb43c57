package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is large, deep or wrong in many places is refused or loaded within bounds. */
class BadDocumentsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static LoadResult check(String yaml) {
    return FuzzedConfig.load(yaml);
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
