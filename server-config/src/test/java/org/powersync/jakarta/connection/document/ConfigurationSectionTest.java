package org.powersync.jakarta.connection.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

class ConfigurationSectionTest {
  private final ConfigurationProblems problems = new ConfigurationProblems();

  private ConfigurationSection section(String yaml) {
    ConfigurationNode root =
        new YamlDocumentParser(name -> null, problems).parse(yaml).orElseThrow();
    return new ConfigurationSection((ConfigurationNode.Mapping) root, problems);
  }

  @Test
  void typesAreNotCoercedAndValuesNotQuoted() {
    ConfigurationSection section =
        section("password: 8888\nflag: 'true'\nn: '7777'\nl: x\no: []\n");
    assertThat(section.text("password")).isEmpty();
    assertThat(section.flag("flag")).isEmpty();
    assertThat(section.number("n")).isEmpty();
    assertThat(section.texts("l")).isEmpty();
    assertThat(section.section("o")).isEmpty();
    assertThat(problems.errors())
        .extracting(ConfigurationProblem::line)
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(problems.errors().toString())
        .contains("password (line 1): must be a text (put it in quotes), but is a number")
        .doesNotContain("8888")
        .doesNotContain("7777");
  }

  @Test
  void nullIsAbsent() {
    ConfigurationSection section = section("a:\nb: null\nc: ~\n");
    assertThat(section.text("a")).isEmpty();
    assertThat(section.section("b")).isEmpty();
    assertThat(section.texts("c")).isEmpty();
    assertThat(problems.hasErrors()).isFalse();
  }

  @Test
  void portsMayBeNumbersOrTexts() {
    ConfigurationSection section = section("a: 5432\nb: '5432'\nc: 1.5\n");
    assertThat(section.textOrNumber("a")).contains("5432");
    assertThat(section.textOrNumber("b")).contains("5432");
    assertThat(section.textOrNumber("c")).contains("1.5");
  }

  @Test
  void integersAreCheckedAgainstTheirMinimum() {
    ConfigurationSection section = section("a: 0\nb: 1.5\nc: 3\n");
    assertThat(section.integer("a", 1, 60)).isEqualTo(60);
    assertThat(section.integer("b", 1, 60)).isEqualTo(60);
    assertThat(section.integer("c", 1, 60)).isEqualTo(3);
    assertThat(section.integer("d", 1, 60)).isEqualTo(60);
    assertThat(problems.errors())
        .extracting(ConfigurationProblem::text)
        .containsOnly("must be a positive integer");
  }

  @Test
  void unknownKeysAreWarnedOfAtEveryLevel() {
    ConfigurationSection section =
        section("known:\n  a: 1\n  b: 2\nother: 1\nlist:\n  - c: 1\n    <<: {}\n");
    section.sectionOrEmpty("known").number("a");
    section.sections("list").get(0).number("c");
    section.warnOfUnknownKeys();
    assertThat(problems.warnings())
        .extracting(ConfigurationProblem::path)
        .containsExactly("other", "known.b", "list[0].<<");
    assertThat(problems.hasErrors()).isFalse();
  }

  @Test
  void allErrorsBecomeOneExceptionWithTheFirstCode() {
    ConfigurationSection section = section("a: 1\n");
    section.error("a", "one");
    section.error(ErrorCode.PSYNC_S1110, "b", "two");
    assertThatThrownBy(problems::throwIfErrors)
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1110))
        .hasMessageContaining("a (line 1): one; [PSYNC_S1110] b (line 1): two");
  }

  @Test
  void plainFormIsAvailableForFreeObjects() {
    assertThat(section("a: {b: [1, x]}").plain())
        .isEqualTo(Map.of("a", Map.of("b", List.of(1.0, "x"))));
  }
}
