package org.powersync.jakarta.connection.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationDocumentTest {
  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final ConfigurationProblems problems = new ConfigurationProblems();

  private Optional<ConfigurationDocument> find() {
    return ConfigurationDocument.find(environment::get, directory, problems);
  }

  private Map<String, Object> base64(String text) {
    environment.put("POWERSYNC_CONFIG_B64", encode(text));
    return find().map(document -> document.root().plain()).orElse(Map.of());
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> errors() {
    return problems.errors().stream().map(ConfigurationProblem::toString).toList();
  }

  @Test
  void base64BeatsTheNamedFileWhichBeatsTheDefaultFile() throws IOException {
    Files.writeString(directory.resolve("powersync.yaml"), "a: default");
    Files.writeString(directory.resolve("other.yaml"), "a: named");
    assertThat(find().orElseThrow().root().plain()).containsEntry("a", "default");
    environment.put("POWERSYNC_CONFIG_PATH", "other.yaml");
    assertThat(find().orElseThrow().root().plain()).containsEntry("a", "named");
    assertThat(base64("a: text")).containsEntry("a", "text");
  }

  @Test
  void missingNamedFileIsAnErrorAndNoFallThrough() throws IOException {
    Files.writeString(directory.resolve("powersync.yaml"), "a: default");
    environment.put("POWERSYNC_CONFIG_PATH", "missing.yaml");
    assertThat(find()).isEmpty();
    assertThat(errors()).singleElement().asString().contains("missing.yaml does not exist");
  }

  @Test
  void brokenSourceIsAHardStop() throws IOException {
    Files.writeString(directory.resolve("powersync.yaml"), "a: default");
    assertThat(base64("a: [")).isEmpty();
    assertThat(errors())
        .hasSize(2)
        .anyMatch(e -> e.contains("YAML"))
        .anyMatch(e -> e.contains("JSON"));
  }

  @Test
  void emptyDocumentCountsAsNotFound() throws IOException {
    Files.writeString(directory.resolve("powersync.yaml"), "a: default");
    assertThat(base64("# nothing\n")).containsEntry("a", "default");
    assertThat(problems.hasErrors()).isFalse();
  }

  @Test
  void nothingFoundIsEmptyWithoutErrors() {
    assertThat(find()).isEmpty();
    assertThat(problems.hasErrors()).isFalse();
  }

  @Test
  void scalarsFollowTheCoreSchema() {
    Map<String, Object> read =
        base64(
            """
            yes: yes
            on: on
            t: TRUE
            n1: ~
            n2:
            i: 0x1F
            o: 0o17
            f: 1.5e3
            inf: -.inf
            date: 2020-01-01
            quoted: "true"
            tagged: !whatever 12
            str: !!str 12
            underscore: 1_000
            """);
    assertThat(problems.hasErrors()).isFalse();
    assertThat(read)
        .containsEntry("yes", "yes")
        .containsEntry("on", "on")
        .containsEntry("t", true)
        .containsEntry("n1", null)
        .containsEntry("n2", null)
        .containsEntry("i", 31.0)
        .containsEntry("o", 15.0)
        .containsEntry("f", 1500.0)
        .containsEntry("inf", Double.NEGATIVE_INFINITY)
        .containsEntry("date", "2020-01-01")
        .containsEntry("quoted", "true")
        .containsEntry("tagged", "12")
        .containsEntry("str", "12")
        .containsEntry("underscore", "1_000");
  }

  @Test
  void aliasesWorkAndMergeKeysAreOrdinaryKeys() {
    Map<String, Object> read = base64("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n");
    assertThat(read).containsEntry("c", Map.of("b", 1.0));
    assertThat(read).containsEntry("d", Map.of("<<", Map.of("b", 1.0)));
  }

  @Test
  void aliasBombIsRefused() {
    StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 8; i++) {
      String alias = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(",", Collections.nCopies(6, alias))));
    }
    assertThat(base64(text.toString())).isEmpty();
    assertThat(errors()).anyMatch(e -> e.contains("too many aliases"));
  }

  @ParameterizedTest
  @CsvSource({"'a: 1\nb: 2\na: 3',3", "'a: 1\n---\nb: 1\n',2", "'a: \"x\nb: 1',2"})
  void brokenYamlNamesTheLine(String text, int line) throws IOException {
    Files.writeString(directory.resolve("powersync.yaml"), text);
    assertThat(find()).isEmpty();
    assertThat(problems.errors()).extracting(ConfigurationProblem::line).containsExactly(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p: *s3cret",
        "p: !s3cret!x y",
        "p: \"s3cret\\q\"",
        "p: 's3cret",
        "p: @s3cret",
        "p: s3cret: x",
        "{p: s3cret"
      })
  void noPartOfABrokenDocumentIsQuoted(String text) {
    assertThat(base64(text)).isEmpty();
    assertThat(problems.hasErrors()).isTrue();
    assertThat(errors().toString()).doesNotContain("s3cret");
  }

  @Test
  void jsonIsReadStrictlyAndWithLines() throws IOException {
    Path file = directory.resolve("c.json");
    environment.put("POWERSYNC_CONFIG_PATH", "c.json");
    Files.writeString(
        file, "{\n\t\"a\": [1, true, null, \"x\\u00e9\\n\"],\n\t\"b\": {\"c\": -1.5e2}\n}\n");
    ConfigurationDocument document = find().orElseThrow();
    assertThat(document.root().plain())
        .containsEntry("a", Arrays.asList(1.0, true, null, "xé\n"))
        .containsEntry("b", Map.of("c", -150.0));
    assertThat(document.root().entries().get("b").line()).isEqualTo(3);
    Files.writeString(file, "{\"a\": 1,\n}");
    assertThat(find()).isEmpty();
    assertThat(problems.errors().get(0).line()).isEqualTo(2);
  }

  @Test
  void base64MayHoldJsonWithTabs() {
    assertThat(base64("{\n\t\"a\":\t1\n}")).containsEntry("a", 1.0);
  }

  @Test
  void environmentIsSubstitutedWithType() {
    environment.putAll(Map.of("PS_S", "12", "PS_N", "1.5", "PS_B", "TRUE", "PS_EMPTY", ""));
    Map<String, Object> read =
        base64(
            "s: !env PS_S\n"
                + "n: !env PS_N::number\n"
                + "b: !env 'PS_B::boolean'\n"
                + "e: !env PS_EMPTY\n"
                + "t: !env PS_S::string");
    assertThat(problems.hasErrors()).isFalse();
    assertThat(read)
        .containsEntry("s", "12")
        .containsEntry("n", 1.5)
        .containsEntry("b", true)
        .containsEntry("e", "")
        .containsEntry("t", "12");
  }

  @Test
  void substitutionErrorsAreCollectedWithoutValues() throws IOException {
    environment.putAll(Map.of("PS_E", "", "PS_X", "s3cret", "HOME", "/"));
    Files.writeString(
        directory.resolve("powersync.yaml"),
        """
        a: !env HOME
        b: !env PS_MISSING
        c: !env PS_E::number
        d: !env PS_X::boolean
        e: !env PS_X::json
        f: !env [PS_X]
        """);
    assertThat(find()).isEmpty();
    assertThat(problems.errors())
        .extracting(ConfigurationProblem::path)
        .containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(errors().get(1))
        .isEqualTo("b (line 2): the environment variable PS_MISSING is not defined");
    assertThat(errors().toString()).doesNotContain("s3cret");
  }

  @Test
  void nodesKnowPathAndLine() {
    environment.put("POWERSYNC_CONFIG_B64", encode("x:\n  - a: 1\n  - a: 2\n"));
    ConfigurationSection root = find().orElseThrow().section(problems);
    ConfigurationNode node = root.sections("x").get(1).node("a").orElseThrow();
    assertThat(node.path()).isEqualTo("x[1].a");
    assertThat(node.line()).isEqualTo(3);
    assertThat(node).hasToString("x[1].a (line 3)");
  }
}
