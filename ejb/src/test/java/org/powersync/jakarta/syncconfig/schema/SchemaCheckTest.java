package org.powersync.jakarta.syncconfig.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.TableName;

class SchemaCheckTest {
  /** What only a schema can tell; the rest of a vector's messages come from loading. */
  private static final Set<String> BY_SCHEMA =
      Set.of("table-not-found", "column-not-found", "missing-id-column", "cte-shadows-table");

  private static final SourceSchema SCHEMA =
      new SourceSchema(
          List.of(
              new SourceSchema.Table(
                  TableName.of("public", "lists"), columns("id", "owner", "tags")),
              new SourceSchema.Table(TableName.of("public", "members"), columns("user_id", "list")),
              new SourceSchema.Table(TableName.of("public", "log_1"), columns("id", "a")),
              new SourceSchema.Table(TableName.of("public", "log_2"), columns("id", "b"))));

  private static List<SourceSchema.Column> columns(String... names) {
    return Stream.of(names).map(name -> SourceSchema.Column.ofPostgres(name, "text")).toList();
  }

  static Stream<Arguments> vectors() throws IOException {
    Path file = Path.of(System.getProperty("vectors.syncConfig"), "validation.json");
    JsonNode vectors = new ObjectMapper().readTree(file.toFile()).get("vectors");
    return StreamSupport.stream(vectors.spliterator(), false)
        .filter(vector -> vector.has("schema"))
        .map(vector -> Arguments.of(vector.get("name").asText(), vector));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void warnsAsRecorded(String name, JsonNode vector) {
    Set<String> expected = new HashSet<>();
    for (JsonNode error : vector.at("/validation/errors")) {
      if (BY_SCHEMA.contains(error.get("about").asText())) {
        expected.add(
            "%s %s %d-%d %d:%d"
                .formatted(
                    error.get("level").asText().toUpperCase(java.util.Locale.ROOT),
                    error.get("about").asText(),
                    error.get("start").asInt(),
                    error.get("end").asInt(),
                    error.get("line").asInt(),
                    error.get("column").asInt()));
      }
    }
    List<ConfigMessage> found =
        SchemaCheck.check(
            vector.get("yaml").asText(),
            vector.path("defaultSchema").asText("public"),
            schema(vector.get("schema")));
    assertThat(found)
        .extracting(
            m ->
                "%s %s %d-%d %d:%d"
                    .formatted(m.level(), m.about(), m.start(), m.end(), m.line(), m.column()))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static SourceSchema schema(JsonNode connections) {
    List<SourceSchema.Table> tables = new ArrayList<>();
    for (JsonNode connection : connections) {
      for (JsonNode schema : connection.get("schemas")) {
        for (JsonNode table : schema.get("tables")) {
          List<SourceSchema.Column> columns = new ArrayList<>();
          table
              .get("columns")
              .forEach(
                  column ->
                      columns.add(
                          SourceSchema.Column.ofPostgres(column.get("name").asText(), "text")));
          TableName name =
              new TableName(
                  connection.get("tag").asText(),
                  schema.get("name").asText(),
                  table.get("name").asText());
          tables.add(new SourceSchema.Table(name, columns));
        }
      }
    }
    return new SourceSchema(tables);
  }

  private static List<String> found(String query) {
    String yaml = "config: {edition: 3}\nstreams:\n  s:\n    query: |\n      " + query + "\n";
    return SchemaCheck.check(yaml, "public", SCHEMA).stream()
        .map(message -> yaml.substring(message.start(), message.end()))
        .toList();
  }

  @Test
  void knowsTheTablesOfJoinsAndSubqueries() {
    assertThat(
            found(
                "SELECT l.*, m.nope FROM lists l JOIN members AS m ON m.list = l.idd"
                    + " WHERE owner IN (SELECT user_id FROM members WHERE lst = l.id)"))
        .containsExactlyInAnyOrder("m.nope", "l.idd", "lst");
    assertThat(
            found(
                "SELECT * FROM lists WHERE owner = auth.user_id() AND"
                    + " id IN (SELECT value FROM json_each(lists.tags)) AND"
                    + " 'a' IN (SELECT x FROM (SELECT list AS x FROM members) AS sub)"))
        .isEmpty();
  }

  @Test
  void looksIntoEveryKindOfExpression() {
    assertThat(
            found(
                "SELECT CASE x1 WHEN x2 THEN x3 ELSE x4 END, upper(x5), x6::text, NOT x7,"
                    + " x8 IS NULL, x9 ->> 'a', x10 BETWEEN x11 AND x12 FROM lists"
                    + " WHERE x13 IN (x14, x15) OR x16 = 1"))
        .hasSize(16);
  }

  @Test
  void takesAWildcardForAllItsTables() {
    assertThat(found("SELECT id, a, b, c, _table_suffix FROM \"log_%\"")).containsExactly("c");
    assertThat(found("SELECT * FROM \"nothing_%\"")).containsExactly("\"nothing_%\"");
  }

  @Test
  void saysNothingAboutWhatLoadingRefuses() {
    assertThat(SchemaCheck.check("a: [", "public", SCHEMA)).isEmpty();
    assertThat(SchemaCheck.check("", "public", SCHEMA)).isEmpty();
    assertThat(found("SELEC * FROM lists")).isEmpty();
    assertThat(found("DELETE FROM lists")).isEmpty();
  }
}
