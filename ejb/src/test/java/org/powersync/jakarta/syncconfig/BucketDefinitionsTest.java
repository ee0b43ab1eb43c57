package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What the recorded vectors leave open, mostly by decision. */
class BucketDefinitionsTest {
  private static final TableName DOCS = TableName.of("public", "docs");

  @Test
  void aParameterComparedTwiceHasToAgree() {
    LoadResult loaded =
        load(
            """
            bucket_definitions:
              g:
                parameters: SELECT request.user_id() AS u
                data:
                  - SELECT id FROM docs WHERE owner = bucket.u AND editor = bucket.u
            """);
    assertThat(loaded.messages())
        .extracting(ConfigMessage::about)
        .containsExactly("parameter-compared-twice");
    TableEvaluator docs = evaluator(loaded);
    assertThat(docs.data(doc("a", "b")).results()).isEmpty();
    assertThat(buckets(docs.data(doc("a", "a")))).containsExactly("g[\"a\"]");
  }

  @Test
  void aLookupPartComparedTwiceHasToAgree() {
    LoadResult loaded =
        load(
            """
            bucket_definitions:
              g:
                parameters: >-
                  SELECT id AS g FROM docs
                  WHERE owner = request.user_id() AND editor = request.user_id()
                data: []
            """);
    TableEvaluator docs = evaluator(loaded);
    assertThat(docs.parameters(doc("a", "b")).results()).isEmpty();
    assertThat(docs.parameters(doc("a", "a")).results())
        .extracting(entry -> entry.lookup().values())
        .containsExactly(List.of(SqlValue.of("a")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT request.user_id() AS u WHERE request.parameters() ->> 'p' | false",
        "SELECT 1 AS u WHERE request.jwt() ->> 'r' AND request.parameter('p') | true",
        "SELECT value AS u FROM json_each(request.parameters() -> 'p') | true",
        "SELECT value AS u FROM json_each(request.jwt() -> 'p') WHERE value ="
            + " request.parameter('p') | false",
        "SELECT x AS u FROM t WHERE a = request.user_id() AND b = request.parameter('p') | false",
        "SELECT x AS u FROM t WHERE (a = request.user_id() AND b = request.parameter('p')) OR (b ="
            + " request.parameter('p') AND c = request.user_id()) | false",
        "SELECT x AS u FROM t WHERE b = user_parameters.p AND c | true"
      })
  void warnsAboutBucketsThatClientsChoose(String query, boolean dangerous) {
    String yaml =
        "bucket_definitions: {g: {parameters: \""
            + query
            + "\", data: [\"SELECT id FROM docs WHERE owner = bucket.u\"]}}";
    LoadResult loaded = load(yaml);
    assertThat(loaded.config()).as(loaded.messages().toString()).isPresent();
    assertThat(loaded.messages().stream().anyMatch(m -> m.about().equals("dangerous-parameters")))
        .isEqualTo(dangerous);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a LIKE 'x' | like-not-supported",
        "a % 2 | operator-not-supported",
        "- a | operator-not-supported",
        "a IS TRUE | operator-not-supported",
        "a NOT IN b | operator-not-supported",
        "a IN ('x', 'y') | expression-not-supported",
        "a BETWEEN 1 AND 2 | expression-not-supported",
        "CASE WHEN a THEN 1 END | expression-not-supported",
        "a -> 1 | member-key-not-supported",
        "random() | function-not-deterministic",
        "upper(DISTINCT a) | function-clause-not-supported",
        "other.x | undefined-reference"
      })
  void refusesWhatTheLanguageHasNot(String condition, String about) {
    LoadResult loaded =
        load("bucket_definitions: {g: {data: [\"SELECT id FROM docs WHERE " + condition + "\"]}}");
    assertThat(loaded.fatal()).extracting(ConfigMessage::about).containsExactly(about);
    assertThat(loaded.fatal().get(0).line()).isOne();
  }

  @Test
  void rowsOfAnotherLayoutAreReadByName() {
    TableEvaluator docs =
        evaluator(load("bucket_definitions: {g: {data: [\"SELECT id, title FROM docs\"]}}"));
    assertThat(json(docs, SourceRow.of(List.of("id", "title"), texts("1", "t"))))
        .isEqualTo("{\"id\":\"1\",\"title\":\"t\"}");
    assertThat(json(docs, SourceRow.of(List.of("title", "x", "id"), texts("t", "y", "1"))))
        .isEqualTo("{\"id\":\"1\",\"title\":\"t\"}");
    assertThat(json(docs, SourceRow.of(List.of("id"), texts("1")))).isEqualTo("{\"id\":\"1\"}");
  }

  @Test
  void aTableThatIsNotReadGivesNothing() {
    DeployedSyncConfig config =
        deployed(load("bucket_definitions: {g: {data: [\"SELECT id FROM docs\"]}}"));
    TableName other = TableName.of("public", "other");
    assertThat(config.reads(other)).isFalse();
    assertThat(config.evaluator(other).syncsData()).isFalse();
    assertThat(config.evaluator(other).data(doc("a", "b"))).isSameAs(Evaluated.nothing());
  }

  @Test
  void anErrorInADefinitionFailsTheRequest() {
    DeployedSyncConfig config =
        deployed(
            load(
                """
                bucket_definitions:
                  g:
                    parameters: SELECT value AS v FROM json_each(request.jwt() ->> 'list')
                    data: [SELECT id FROM docs WHERE owner = bucket.v]
                """));
    assertThatThrownBy(() -> config.evaluate(request(Map.of("sub", "u", "list", "[bad"))))
        .isInstanceOf(PowerSyncException.class)
        .hasMessageContaining("invalid-json")
        .hasMessageContaining("definition=g");
  }

  @Test
  void eachLookupIsAskedOnceAndAtOnce() {
    DeployedSyncConfig config =
        deployed(
            load(
                """
                bucket_definitions:
                  g:
                    parameters:
                      - SELECT x AS g FROM a WHERE id IN request.jwt() ->> 'ids'
                      - SELECT x AS g FROM b WHERE id = request.user_id()
                    data: []
                """));
    List<Collection<ParameterLookup>> asked = new ArrayList<>();
    RequestEvaluation evaluation =
        config.evaluate(request(Map.of("sub", "u", "ids", List.of("k", "k"))));
    List<ResolvedBucket> buckets =
        evaluation.dynamicBuckets(
            lookups -> {
              asked.add(lookups);
              return Map.of(
                  new ParameterLookup("g", "1", List.of(SqlValue.of("k"))),
                  List.of(new OutputRow(List.of("g"), List.of(SqlValue.of("K")))));
            });
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0)).hasSize(2);
    assertThat(ResolvedBucket.merge(buckets))
        .extracting(bucket -> bucket.bucket().value())
        .containsExactly("g[\"K\"]");
  }

  private static LoadResult load(String yaml) {
    return SyncConfig.load(yaml, "public");
  }

  private static DeployedSyncConfig deployed(LoadResult loaded) {
    return loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED);
  }

  private static TableEvaluator evaluator(LoadResult loaded) {
    return deployed(loaded).evaluator(DOCS);
  }

  private static SyncRequest request(Map<String, Object> token) {
    return new SyncRequest(token, Map.of(), true, List.of());
  }

  private static SourceRow doc(String owner, String editor) {
    return SourceRow.of(List.of("id", "owner", "editor"), texts("1", owner, editor));
  }

  private static List<SqlValue> texts(String... texts) {
    return List.of(texts).stream().map(SqlValue::of).toList();
  }

  private static List<String> buckets(Evaluated<BucketRow> rows) {
    return rows.results().stream().map(row -> row.bucket().value()).toList();
  }

  private static String json(TableEvaluator docs, SourceRow row) {
    return new String(
        docs.data(row).results().get(0).data().json(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
