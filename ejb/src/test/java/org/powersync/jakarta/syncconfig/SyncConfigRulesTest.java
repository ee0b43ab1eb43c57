package org.powersync.jakarta.syncconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Rules for whole configs that no recorded vector shows, in the order of the specification. */
class SyncConfigRulesTest {
  private static final SqlValue BLOB = new SqlValue.Blob(new byte[] {1});

  /** Section 2: "Definitions are processed in document order". */
  @Test
  void messagesComeInTheOrderOfTheDocument() {
    LoadResult loaded =
        SyncConfig.load(
            """
            bucket_definitions:
              second: {data: [SELECT b FROM t]}
              first: {data: [SELECT a FROM t, SELECT FROM t]}
            """,
            "public");
    assertThat(loaded.fatal()).extracting(ConfigMessage::line).containsExactly(2, 3, 3);
    assertThat(loaded.fatal()).extracting(ConfigMessage::start).isSorted();
  }

  /** Section 2: "a repeated one is skipped". */
  @Test
  void theFirstOfTwoDefinitionsOfANameIsChecked() {
    LoadResult loaded =
        SyncConfig.load(
            """
            config: {edition: 2}
            bucket_definitions:
              a: {data: [SELECT id FROM t]}
            streams:
              a: {query: SELECT nonsense(}
            """,
            "public");
    assertThat(loaded.fatal())
        .extracting(ConfigMessage::about)
        .containsExactly("duplicate-definition");
  }

  /** Section 4.3: edition 3 uses the first statement, and DISTINCT does nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM t; SELECT id FROM u",
        "SELECT DISTINCT id FROM t",
      })
  void editionThreeIsSilentAboutSomeClauses(String sql) {
    LoadResult loaded = SyncConfig.load(stream(sql), "public");
    assertThat(loaded.messages()).isEmpty();
    assertThat(rows(deployed(loaded), "t", Map.of("id", SqlValue.of("1")))).hasSize(1);
    assertThat(rows(deployed(loaded), "u", Map.of("id", SqlValue.of("1")))).isEmpty();
  }

  /** Section 4.4: "More than one dot is an error". */
  @Test
  void aSchemaHasAtMostOneDot() {
    assertThat(SyncConfig.load(data("SELECT id FROM \"a.b.c\".t"), "public").fatal()).hasSize(1);
    assertThat(SyncConfig.load(data("SELECT id FROM \"a.b\".t"), "public").fatal()).isEmpty();
  }

  /** Section 4.4: the connection tag is matched in editions 1 and 2 and lost in edition 3. */
  @Test
  void theConnectionTagCountsBeforeEditionThree() {
    String sql = "SELECT id FROM \"other.public\".t";
    SourceRow row = row(Map.of("id", SqlValue.of("1")));
    TableName other = new TableName("other", "public", "t");
    TableName here = TableName.of("public", "t");
    DeployedSyncConfig before = deployed(SyncConfig.load(data(sql), "public"));
    assertThat(before.evaluator(other).data(row).results()).hasSize(1);
    assertThat(before.evaluator(here).data(row).results()).isEmpty();
    DeployedSyncConfig now = deployed(SyncConfig.load(stream(sql), "public"));
    assertThat(now.evaluator(other).data(row).results()).isEmpty();
    assertThat(now.evaluator(here).data(row).results()).hasSize(1);
  }

  /** Section 5.4: numbers of a request are REAL in its JSON text, and names hide that. */
  @Test
  void numbersOfRequestsAreReal() {
    DeployedSyncConfig config =
        deployed(
            SyncConfig.load(
                """
                bucket_definitions:
                  g:
                    parameters: >-
                      SELECT request.jwt() ->> 'n' AS n, typeof(request.jwt() ->> 'n') AS kind,
                      request.jwt() AS text
                    data: []
                """,
                "public"));
    assertThat(buckets(config, Map.of("n", 1.0)))
        .containsExactly("g[1,\"real\",\"{\\\"n\\\":1.0}\"]");
  }

  /** Section 7.2: queries are numbered from 1, all kinds counted. */
  @Test
  void lookupsHaveTheNumberOfTheirQuery() {
    DeployedSyncConfig config =
        deployed(
            SyncConfig.load(
                """
                bucket_definitions:
                  g:
                    parameters:
                      - SELECT 'x' AS p
                      - SELECT id AS p FROM t WHERE owner = request.user_id()
                    data: []
                """,
                "public"));
    SourceRow row = row(Map.of("id", SqlValue.of("1"), "owner", SqlValue.of("ann")));
    assertThat(config.evaluator(TableName.of("public", "t")).parameters(row).results())
        .extracting(entry -> entry.lookup().name() + entry.lookup().queryId())
        .containsExactly("g2");
  }

  /** Section 7.3: a request array asks once per element, and not at all when it is none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"[\"a\",\"b\"] | a b", "[] | ~~", "x | ~~", "5 | ~~"})
  void anArrayOfTheRequestIsExpanded(String value, String asked) {
    DeployedSyncConfig config =
        deployed(
            SyncConfig.load(
                """
                bucket_definitions:
                  g:
                    accept_potentially_dangerous_queries: true
                    parameters: SELECT id AS p FROM t WHERE id IN request.parameter('ids')
                    data: []
                """,
                "public"));
    SyncRequest request =
        new SyncRequest(Map.of("sub", "ann"), Map.of("ids", value), true, List.of());
    StringBuilder found = new StringBuilder();
    config
        .evaluate(request)
        .dynamicBuckets(
            lookups -> {
              lookups.forEach(
                  lookup ->
                      found.append(((SqlValue.Text) lookup.values().get(0)).value()).append(' '));
              return Map.of();
            });
    assertThat(found.toString().trim()).isEqualTo(asked == null ? "" : asked);
  }

  /** Section 7.4: definitions that a subscription names take no parameters or priority from it. */
  @Test
  void aSubscriptionToABucketDefinitionOnlyNamesIt() {
    DeployedSyncConfig config =
        deployed(
            SyncConfig.load(
                """
                bucket_definitions:
                  a: {priority: 1, data: [SELECT id FROM t]}
                  b: {data: [SELECT id FROM t]}
                """,
                "public"));
    SyncRequest request =
        new SyncRequest(
            Map.of(),
            Map.of(),
            false,
            List.of(new SyncRequest.Subscription("a", Map.of("x", 1.0), OptionalInt.of(0))));
    assertThat(config.evaluate(request).staticBuckets())
        .extracting(bucket -> bucket.bucket().value() + bucket.priority() + bucket.reasons())
        .containsExactly("a[]1" + List.of(SyncRequest.Reason.DEFAULT));
  }

  /** Section 11: the id of a row. */
  @Test
  void rowsAreNamedByTheirId() {
    DeployedSyncConfig config = deployed(SyncConfig.load(data("SELECT id, n FROM t"), "public"));
    assertThat(id(config, SqlValue.of("x"))).isEqualTo("x");
    assertThat(id(config, SqlValue.of(7))).isEqualTo("7");
    assertThat(id(config, SqlValue.of(7.0))).isEqualTo("7");
    assertThat(id(config, SqlValue.of(7.5))).isEqualTo("7.5");
    assertThat(id(config, SqlValue.NULL)).isEmpty();
    assertThat(id(config, BLOB)).isEmpty();
    assertThat(rows(config, "t", Map.of("n", SqlValue.of(1))))
        .extracting(BucketRow::id)
        .containsExactly("");
  }

  private static String id(DeployedSyncConfig config, SqlValue id) {
    return rows(config, "t", Map.of("id", id)).get(0).id();
  }

  /** Section 11: what {@code *} overwrites, and where columns stand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1 | SELECT 'x' AS name, * FROM t | {\"name\":\"x\",\"id\":\"1\"}",
        "1 | SELECT NULL AS name, * FROM t | {\"name\":\"row\",\"id\":\"1\"}",
        "1 | SELECT id, *, 'x' AS name FROM t | {\"id\":\"1\",\"name\":\"x\"}",
        "3 | SELECT id, 'x' AS name, * FROM t | {\"id\":\"1\",\"name\":\"row\",\"_h\":5}",
        "3 | SELECT *, 'x' AS name FROM t | {\"id\":\"1\",\"name\":\"x\",\"_h\":5}",
      })
  void starsAndColumnsOfOneName(int edition, String sql, String json) {
    String yaml = edition == 3 ? stream(sql) : data(sql);
    SourceRow row =
        SourceRow.of(
            List.of("id", "name", "_h"),
            List.of(SqlValue.of("1"), SqlValue.of("row"), SqlValue.of(5)));
    List<BucketRow> rows =
        deployed(SyncConfig.load(yaml, "public"))
            .evaluator(TableName.of("public", "t"))
            .data(row)
            .results();
    assertThat(new String(rows.get(0).data().json(), UTF_8)).isEqualTo(json);
  }

  /** Section 11: "NaN and infinities" are null here (decision A1). */
  @Test
  void numbersThatJsonHasNotAreNull() {
    DeployedSyncConfig config = deployed(SyncConfig.load(data("SELECT id, n FROM t"), "public"));
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Map<String, SqlValue> row = Map.of("n", SqlValue.of(value));
      assertThat(new String(rows(config, "t", row).get(0).data().json(), UTF_8))
          .isEqualTo("{\"n\":null}");
    }
  }

  /** Section 14: each event takes its first query on the table, by the rules of editions 1, 2. */
  @Test
  void anEventTakesItsFirstQueryThatMatches() {
    DeployedSyncConfig config =
        deployed(
            SyncConfig.load(
                """
                config: {edition: 3}
                streams: {}
                event_definitions:
                  e: {payloads: ["SELECT 1 AS one FROM t_a", "SELECT 2 AS two FROM \\"t_%\\""]}
                """,
                "public"));
    assertThat(event(config, "t_a")).contains("{\"one\":1}");
    assertThat(event(config, "t_b")).contains("{\"two\":2}");
    assertThat(event(config, "other")).isEmpty();
  }

  private static Optional<String> event(DeployedSyncConfig config, String table) {
    return config
        .evaluator(TableName.of("public", table))
        .events(row(Map.of("id", SqlValue.of("1"))))
        .results()
        .stream()
        .map(payload -> new String(payload.data().json(), UTF_8))
        .findFirst();
  }

  private static String data(String sql) {
    return "bucket_definitions:\n  a:\n    data:\n      - " + sql + "\n";
  }

  private static String stream(String sql) {
    return "config: {edition: 3}\nstreams:\n  s:\n    query: " + sql + "\n";
  }

  private static DeployedSyncConfig deployed(LoadResult loaded) {
    assertThat(loaded.fatal()).isEmpty();
    return loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED);
  }

  private static SourceRow row(Map<String, SqlValue> columns) {
    return SourceRow.of(List.copyOf(columns.keySet()), List.copyOf(columns.values()));
  }

  private static List<BucketRow> rows(
      DeployedSyncConfig config, String table, Map<String, SqlValue> columns) {
    return config.evaluator(TableName.of("public", table)).data(row(columns)).results();
  }

  private static List<String> buckets(DeployedSyncConfig config, Map<String, Object> token) {
    return config
        .evaluate(new SyncRequest(token, Map.of(), true, List.of()))
        .staticBuckets()
        .stream()
        .map(bucket -> bucket.bucket().value())
        .toList();
  }
}
