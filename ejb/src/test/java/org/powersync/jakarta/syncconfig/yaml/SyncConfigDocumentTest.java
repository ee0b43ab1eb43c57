package org.powersync.jakarta.syncconfig.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.sql.Span;

class SyncConfigDocumentTest {

  @Test
  void readsBucketDefinitions() {
    SyncConfigDocument document =
        readClean(
            """
            bucket_definitions:
              a:
                parameters: SELECT request.user_id() AS u
                priority: 1
                accept_potentially_dangerous_queries: true
                data: [SELECT id FROM a, "SELECT id FROM b"]
              b: {parameters: [], data: []}
              "3": {data: []}
            event_definitions:
              e: {payloads: [SELECT id FROM a]}
            """);
    BucketDefinition a = document.bucketDefinitions().get(0);
    assertThat(a.priority()).isEqualTo(OptionalInt.of(1));
    assertThat(a.acceptDangerous()).isTrue();
    assertThat(a.data())
        .extracting(SqlText::text)
        .containsExactly("SELECT id FROM a", "SELECT id FROM b");
    assertThat(document.bucketDefinitions())
        .extracting(BucketDefinition::name)
        .containsExactly("a", "b", "3");
    assertThat(document.bucketDefinitions().get(1).parameters()).contains(List.of());
    assertThat(document.bucketDefinitions().get(2).parameters()).isEmpty();
    assertThat(document.events().get(0).payloads()).hasSize(1);
    assertThat(document.options()).isEqualTo(OptionsReader.defaults());
  }

  @Test
  void readsCompiledStreams() {
    SyncConfigDocument document =
        readClean(
            """
            config: {edition: 3, storage_version: 2, versioned_bucket_ids: false, fixed_json_extract: true}
            with: {g: SELECT id FROM g}
            streams:
              s:
                with: {c: SELECT id FROM c}
                auto_subscribe: true
                queries: [SELECT id FROM a, SELECT id FROM b]
              t: {query: SELECT id FROM a}
            """);
    assertThat(document.options().compatibility())
        .isEqualTo(new Compatibility(3, true, false, true, true, false, OptionalInt.empty()));
    assertThat(document.options().overrides())
        .containsExactly(
            Map.entry("fixed_json_extract", true), Map.entry("versioned_bucket_ids", false));
    assertThat(document.options().storageVersion()).isEqualTo(OptionalInt.of(2));
    assertThat(document.with()).extracting(NamedSql::name).containsExactly("g");
    StreamDefinition s = document.streams().get(0);
    assertThat(s.autoSubscribe()).isTrue();
    assertThat(s.queries()).hasSize(2);
    assertThat(s.with()).extracting(NamedSql::name).containsExactly("c");
    assertThat(document.streams().get(1).queries()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a: [; yaml-syntax",
        "'{a: 1, a: 2}'; yaml-syntax",
        "'a: *x'; yaml-syntax",
        "'a: 1\n---\nb: 2'; yaml-syntax",
        "''; root-not-a-map",
        "'bucket_definitions: {}\ncolour: 1'; unknown-key",
        "'bucket_definitions: {}\nwith: {}'; cte-needs-edition-3",
        "'bucket_definitions: &x {}\nconfig: *x'; expected-map",
        "'bucket_definitions: {a: {data: SELECT}}'; expected-sequence",
        "'bucket_definitions: {a: {data: [[]]}}'; expected-scalar",
        "'bucket_definitions: {}\nconfig: {storage_version: 1}'; storage-version-unsupported",
        "'bucket_definitions: {}\nconfig: {sync_config_compiler: true}'; unknown-key",
        "'bucket_definitions: {}\n"
            + "config: {timestamp_max_precision: seconds}'; precision-needs-iso8601",
        "'streams: {}\n"
            + "config: {edition: 3, fixed_json_extract: false, unstable_sqlite_expression_engine:"
            + " true}'; sqlite-engine-needs-fixed-json",
        "'bucket_definitions: {}\nconfig: {edition: .nan}'; expected-number",
        "'bucket_definitions: {<<: {data: []}}\nconfig: {edition: 0}'; schema-violation",
        "'bucket_definitions: {a: {data: [], priority: 2.5}}'; invalid-priority",
        "'bucket_definitions: {true: {data: []}}'; expected-string",
      })
  void namesWhatIsWrong(String yaml, String about) {
    assertThat(fatal(yaml)).containsExactly(about);
  }

  @Test
  void refusesStreamsInEditionOneQueryByQuery() {
    assertThat(fatal("streams: {s: {query: SELECT id FROM a}, t: {auto_subscribe: true}}"))
        .containsExactly("streams-need-edition-2");
    assertThat(fatal("streams: {s: {queries: [], with: {}}}\nconfig: {edition: 2}"))
        .containsExactly("cte-needs-edition-3", "queries-needs-edition-3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "plain; a: SELECT x FROM bad",
        "folded plain; ~a: SELECT x\n   FROM\n\n   bad y~",
        "single; a: 'SELECT ''x'' FROM bad'",
        "folded single; ~a: 'SELECT ''x''  \n   FROM  bad'~",
        "double; a: \"SELECT \\\"\\u00e9\\n\\x41\\\"\\tFROM bad\"",
        "astral; a: \"SELECT '\\U0001F600 \uD83D\uDE00' FROM bad\"",
        "folded double; ~a: \"SELECT\\n\\\n   'x'\n  \\ FROM bad\"~",
        "literal; ~a: |-\n   SELECT x -- y\n     FROM\n\n   bad\n~",
        "indented literal; ~a: |2+\n    SELECT x\n   FROM bad\n\n~",
        "folded; ~a: >\n   SELECT x\n     FROM\n\n   bad\n   z~",
        "windows; ~a: |\r\n   SELECT x\r\n   FROM bad\r\n~",
        "tagged; ~a: !!str &x 'SELECT x FROM bad'~",
      })
  void translatesPositions(String style, String yaml) throws YamlSyntaxException {
    YamlNode.YamlMap root = (YamlNode.YamlMap) YamlComposer.compose(yaml).orElseThrow();
    SqlText sql = new SqlText(yaml, (YamlNode.YamlScalar) root.value("a").orElseThrow());
    int at = sql.text().indexOf("bad");
    Place place = sql.place(new Span(at, at + 3));
    assertThat(yaml.substring(place.start(), place.end())).as(style).isEqualTo("bad");
    assertThat(place.start()).isEqualTo(yaml.indexOf("bad"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: "})
  void boundsNesting(String opening) {
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(fatal(opening.repeat(100_000))).containsExactly("yaml-syntax"));
  }

  @Test
  void doesNotFollowAliases() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(fatal(bomb + "bucket_definitions: {}\n")).containsOnly("unknown-key").hasSize(40);
  }

  @Property(tries = 1000)
  void anyTextGivesADocumentOrAMessage(@ForAll String text) {
    Messages messages = new Messages(text);
    boolean read = SyncConfigDocument.read(text, messages).isPresent();
    assertThat(read || messages.hasFatal()).isTrue();
  }

  @Test
  void warnsAboutPrioritiesThatEditionTwoIgnores() {
    String yaml = "config: {edition: 2}\nstreams: {s: {priority: 1, query: SELECT id FROM a}}";
    Messages messages = new Messages(yaml);
    assertThat(SyncConfigDocument.read(yaml, messages)).isPresent();
    assertThat(messages.hasFatal()).isFalse();
    assertThat(messages.toList())
        .extracting(ConfigMessage::about)
        .containsExactly("alpha-streams-deprecated", "priority-ignored");
  }

  @Test
  void countsUnitsAndLinesBehindAstralCharacters() {
    String yaml = "bucket_definitions:\n  \"\uD83D\uDE00\": {data: []}\n  \"a\uD83D\uDE00\": [x]";
    Messages messages = new Messages(yaml);
    SyncConfigDocument.read(yaml, messages);
    ConfigMessage message = messages.toList().get(0);
    assertThat(message.start()).isEqualTo(yaml.indexOf("[x]"));
    assertThat(message.end()).isEqualTo(yaml.length());
    assertThat(message.line()).isEqualTo(3);
    assertThat(message.column()).isEqualTo(10);
  }

  private static SyncConfigDocument readClean(String yaml) {
    Messages messages = new Messages(yaml);
    SyncConfigDocument document = SyncConfigDocument.read(yaml, messages).orElseThrow();
    assertThat(messages.toList()).isEmpty();
    return document;
  }

  private static List<String> fatal(String yaml) {
    Messages messages = new Messages(yaml);
    SyncConfigDocument.read(yaml, messages).ifPresent(document -> document.checkSchema(messages));
    return messages.toList().stream()
        .filter(message -> message.level() == ConfigMessage.Level.FATAL)
        .map(ConfigMessage::about)
        .toList();
  }
}
