package org.powersync.jakarta.syncconfig.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.sql.Statement;

/**
 * The recorded documents, as far as their structure and SQL syntax go. Messages of the compilers
 * behind are neither expected nor produced here.
 */
class DocumentVectorsTest {
  private static final Path VECTORS = Path.of(System.getProperty("vectors.syncConfig"));

  private static final Set<String> STRUCTURAL =
      Set.of(
          "yaml-syntax",
          "root-not-a-map",
          "expected-map",
          "expected-sequence",
          "expected-scalar",
          "expected-string",
          "expected-number",
          "expected-boolean",
          "unknown-key",
          "missing-key",
          "schema-violation",
          "no-definitions",
          "streams-required",
          "bucket-definitions-not-in-edition-3",
          "streams-need-edition-2",
          "cte-needs-edition-3",
          "queries-needs-edition-3",
          "query-xor-queries",
          "duplicate-definition",
          "invalid-priority",
          "storage-version-unsupported",
          "storage-version-unstable",
          "unknown-time-precision",
          "precision-needs-iso8601",
          "sqlite-engine-needs-edition-3",
          "sqlite-engine-needs-fixed-json",
          "alpha-streams-deprecated",
          "sql-syntax",
          "not-a-select",
          "multiple-statements");

  /** Codes of which only the line is significant. */
  private static final Set<String> LINE_ONLY = Set.of("yaml-syntax", "sql-syntax");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void documentsGiveTheRecordedMessages(Path file) throws IOException {
    for (JsonNode vector : vectors(file)) {
      if (vector.has("yaml")) {
        assertThat(actual(vector))
            .as(vector.get("name").asText())
            .containsExactlyInAnyOrderElementsOf(expected(vector));
      }
    }
  }

  @Test
  void mostVectorsAreDocuments() throws IOException {
    int documents = 0;
    int validated = 0;
    int messages = 0;
    for (Path file : files().toList()) {
      for (JsonNode vector : vectors(file)) {
        documents += vector.has("yaml") ? 1 : 0;
        validated += vector.has("validation") ? 1 : 0;
        messages += expected(vector).size();
      }
    }
    System.out.printf(
        "%d documents, %d with recorded messages, %d messages of structure and syntax%n",
        documents, validated, messages);
    assertThat(documents).isGreaterThan(validated).isGreaterThan(messages);
  }

  private static List<String> expected(JsonNode vector) {
    List<String> expected = new ArrayList<>();
    for (JsonNode error : vector.path("validation").path("errors")) {
      String about = error.get("about").asText();
      if (STRUCTURAL.contains(about)) {
        expected.add(
            line(
                error.get("level").asText(),
                about,
                error.get("line").asInt(),
                error.get("column").asInt(),
                error.get("start").asInt(),
                error.get("end").asInt()));
      }
    }
    return expected;
  }

  private static List<String> actual(JsonNode vector) {
    String yaml = vector.get("yaml").asText();
    Messages messages = new Messages(yaml);
    SyncConfigDocument.read(yaml, messages).ifPresent(document -> check(document, messages));
    return messages.toList().stream()
        // Warnings are recorded in validation vectors only.
        .filter(m -> vector.has("validation") || m.level() == ConfigMessage.Level.FATAL)
        .map(
            m ->
                line(
                    m.level().name().toLowerCase(Locale.ROOT),
                    m.about(),
                    m.line(),
                    m.column(),
                    m.start(),
                    m.end()))
        .toList();
  }

  private static void check(SyncConfigDocument document, Messages messages) {
    List<SqlText> texts = new ArrayList<>();
    for (BucketDefinition definition : document.bucketDefinitions()) {
      definition.parameters().ifPresent(texts::addAll);
      texts.addAll(definition.data());
    }
    for (StreamDefinition stream : document.streams()) {
      texts.addAll(stream.queries());
      stream.with().forEach(with -> texts.add(with.sql()));
    }
    document.with().forEach(with -> texts.add(with.sql()));
    document.events().forEach(event -> texts.addAll(event.payloads()));
    boolean firstOnly = document.options().compatibility().edition() == 3;
    texts.forEach(sql -> checkStatements(sql, firstOnly, messages));
    document.checkSchema(messages);
  }

  /** What every compiler says first; here for the places of statements. */
  private static void checkStatements(SqlText sql, boolean firstOnly, Messages messages) {
    List<Statement> statements = sql.parse(messages).orElse(List.of());
    if (statements.size() > 1 && !firstOnly) {
      messages.fatal("multiple-statements", "", sql, statements.get(1).span());
    } else if (!statements.isEmpty() && statements.get(0) instanceof Statement.Other other) {
      messages.fatal("not-a-select", "", sql, other.span());
    }
  }

  private static String line(String level, String about, int line, int column, int start, int end) {
    return LINE_ONLY.contains(about)
        ? "%s %s line %d".formatted(level, about, line)
        : "%s %s %d:%d %d-%d".formatted(level, about, line, column, start, end);
  }

  private static JsonNode vectors(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile()).get("vectors");
  }
}
