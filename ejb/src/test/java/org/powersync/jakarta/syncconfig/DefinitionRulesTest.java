package org.powersync.jakarta.syncconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Where rows and requests go, rule by rule (sync config sections 7, 8 and 9): a query, a row of
 * table {@code t}, in which {@code b} is a BLOB, and its buckets and lookups.
 */
class DefinitionRulesTest {
  private static final String RULES =
      """
      bucket | SELECT id FROM t WHERE bucket.p | {} | a[1]
      bucket | SELECT id FROM t WHERE owner = bucket.p | {"owner":null} |
      bucket | SELECT id FROM t WHERE b = bucket.p | {} |
      bucket | SELECT id FROM t WHERE owner = bucket.p | {"owner":5.0} | a[5]
      bucket | SELECT id FROM t WHERE bucket.p IN tags | {"tags":"[1,1.5,true,null,{\\"x\\":1}]"} | a[1] a[1.5] a[true] a[null] a[{"x":1}]
      bucket | SELECT id FROM t WHERE bucket.p IN tags | {"tags":null} |
      bucket | SELECT id FROM t WHERE bucket.p IN tags | {"tags":"x"} | error invalid-json
      bucket | SELECT id FROM t WHERE bucket.p IN tags | {"tags":"{}"} | error not-a-json-array
      bucket | SELECT id FROM t WHERE owner = bucket.p OR bucket.p = n | {"owner":"x","n":2} | a["x"] a[2]
      bucket | SELECT id FROM t WHERE owner = bucket.p AND n > 1 | {"owner":"x","n":1} |
      two    | SELECT id FROM t WHERE n = bucket.q AND owner = bucket.p | {"owner":"x","n":2} | a["x",2]
      bucket | SELECT id, json_keys(n) AS k FROM t WHERE owner = bucket.p | {"owner":null,"n":"["} |
      bucket | SELECT id, json_keys(n) AS k FROM t WHERE owner = bucket.p | {"owner":"x","n":"["} | error invalid-json
      param  | SELECT n AS x FROM t WHERE owner = request.user_id() | {"owner":"u","n":1} | [a,1,"u"]={"x":1}
      param  | SELECT n AS x FROM t WHERE owner = request.user_id() | {"owner":5.0,"n":null} | [a,1,5]={"x":null}
      param  | SELECT n AS x, b AS y FROM t WHERE owner = request.user_id() | {"owner":"u"} | [a,1,"u"]={}
      param  | SELECT n AS x FROM t | {"n":1} | [a,1]={"x":1}
      param  | SELECT n AS x FROM t WHERE request.user_id() IN tags | {"tags":"[\\"a\\",\\"a\\"]","n":1} | [a,1,"a"]={"x":1} [a,1,"a"]={"x":1}
      param  | SELECT n AS x FROM t WHERE owner = request.user_id() AND n = request.jwt() ->> 'n' | {"owner":"u","n":1} | [a,1,"u",1]={"x":1}
      s2     | SELECT id FROM t WHERE owner = auth.user_id() | {"owner":5.0} | s|0[5]
      s2     | SELECT id FROM t WHERE owner = auth.user_id() | {"owner":null} |
      s2     | SELECT id FROM t WHERE auth.user_id() IN tags | {"tags":"[\\"a\\",null,1]"} | s|0["a"] s|0[1]
      s2     | SELECT id FROM t WHERE auth.parameter('x') && tags | {"tags":"[\\"a\\"]"} | s|0["a"]
      s2     | SELECT id FROM t WHERE tags && (SELECT id FROM u WHERE n = auth.user_id()) | {"tags":"[\\"a\\",true]"} | s|0["a"] s|0[1]
      s2     | SELECT id FROM t WHERE owner IN (SELECT id FROM u WHERE n = auth.user_id()) | {"owner":null} | s|0[null]
      s2     | SELECT id FROM t WHERE n > 1 OR owner = auth.user_id() | {"n":2,"owner":"x"} | s|0[] s|1["x"]
      s2     | SELECT id FROM t WHERE NOT (n > 1 OR n IS NULL) AND owner = auth.user_id() | {"n":1,"owner":"x"} | s|0["x"]
      s2     | SELECT id FROM d WHERE x IN (SELECT n FROM t WHERE owner = auth.user_id()) | {"owner":"u","n":null} | [s,0,"u"]={"result":null}
      s2     | SELECT id FROM d WHERE x IN (SELECT b FROM t WHERE owner = auth.user_id()) | {"owner":"u"} |
      s3     | SELECT id FROM t WHERE b = auth.user_id() | {} |
      s3     | SELECT id FROM t WHERE owner = auth.user_id() | {"owner":5.0} | s|0[5]
      s3     | SELECT t.id FROM t, json_each(t.tags) AS j WHERE j.value = auth.user_id() | {"tags":"[\\"a\\",\\"a\\"]"} | s|0["a"] s|0["a"]
      s3     | SELECT t.id FROM t, json_each(t.tags) AS j WHERE j.value = auth.user_id() | {"tags":null} |
      s3     | SELECT t.id FROM t, json_each(t.tags) AS j WHERE j.key = auth.user_id() | {"tags":"{\\"k\\":1}"} | s|0["k"]
      s3     | SELECT id FROM d WHERE x IN (SELECT n FROM t WHERE owner = auth.user_id()) | {"owner":"u","n":null} |
      s3     | SELECT id FROM d WHERE x IN (SELECT n FROM t WHERE owner = auth.user_id()) | {"owner":5.0,"n":1} | [lookup,0,5]={"0":1}
      s3     | SELECT id FROM d WHERE auth.user_id() IN (SELECT owner FROM t) | {"owner":"u"} | [lookup,0,"u"]={}
      s3     | SELECT d.id FROM d, t, json_each(t.tags) AS j WHERE d.x = j.value AND t.owner = auth.user_id() | {"owner":"u","tags":"[1,2]"} | [lookup,0,"u"]={"0":1.0}{"0":2.0}
      """;

  record Rule(String kind, String sql, String row, String result) {
    @Override
    public String toString() {
      return kind + " " + sql + " " + row;
    }
  }

  static Stream<Rule> rules() {
    return RULES
        .lines()
        .map(line -> line.split(" \\| ?", 4))
        .map(parts -> new Rule(parts[0].trim(), parts[1], parts[2], parts[3]));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRowGoes(Rule rule) throws Exception {
    TableEvaluator table =
        deployed(yaml(rule.kind(), rule.sql())).evaluator(TableName.of("public", "t"));
    SourceRow row = row(rule.row());
    Evaluated<BucketRow> data = table.data(row);
    Evaluated<ParameterEntry> parameters = table.parameters(row);
    List<String> found = new ArrayList<>();
    data.errors().forEach(error -> found.add("error " + error.about()));
    parameters.errors().forEach(error -> found.add("error " + error.about()));
    data.results().forEach(result -> found.add(result.bucket().value()));
    parameters.results().forEach(entry -> found.add(text(entry)));
    assertThat(String.join(" ", found)).isEqualTo(rule.result());
  }

  private static String text(ParameterEntry entry) {
    ParameterLookup lookup = entry.lookup();
    String values =
        lookup.values().stream().map(value -> "," + literal(value)).collect(Collectors.joining());
    return "[%s,%s%s]=".formatted(lookup.name(), lookup.queryId(), values)
        + entry.rows().stream()
            .map(row -> new String(row.json(), UTF_8))
            .collect(Collectors.joining());
  }

  private static String literal(SqlValue value) {
    return value instanceof SqlValue.Text text
        ? '"' + text.value() + '"'
        : ((SqlValue.Int) value).value() + "";
  }

  private static SourceRow row(String json) throws Exception {
    List<String> names = new ArrayList<>(List.of("id", "b"));
    List<SqlValue> values =
        new ArrayList<>(List.of(SqlValue.of("1"), new SqlValue.Blob(new byte[] {1})));
    Map<?, ?> columns = (Map<?, ?>) JsonReader.read(json, JsonReader.Numbers.EXACT);
    columns.forEach(
        (name, value) -> {
          names.add((String) name);
          values.add(JsonValues.toSql(value, true));
        });
    return SourceRow.of(names, values);
  }

  /** Section 8.2 and 9.5: what a request without a fitting value gets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "s2 | owner = auth.parameter('x')  | s/0[null]",
        "s3 | owner = auth.parameter('x')  | ~~",
        "s2 | owner IN auth.parameter('x') | ~~",
        "s3 | owner IN auth.parameter('x') | ~~",
        "s2 | owner IN auth.parameter('n') | ~~",
        "s2 | owner IN auth.parameter('bad') | error invalid-json",
        "s3 | owner IN auth.parameter('bad') | error invalid-json",
        "s2 | auth.parameter('n') = 5 | s/0[]",
        "s2 | auth.parameter('n') = 6 | ~~",
        "s3 | auth.parameter('n') = 6 | ~~",
      })
  void aRequestGets(String kind, String condition, String result) {
    RequestEvaluation evaluation =
        deployed(yaml(kind, "SELECT id FROM t WHERE " + condition))
            .evaluate(new SyncRequest(Map.of("n", 5.0, "bad", "["), Map.of(), true, List.of()));
    List<String> found = new ArrayList<>();
    evaluation.errors().forEach(error -> found.add("error " + error.about()));
    evaluation.staticBuckets().forEach(bucket -> found.add(bucket.bucket().value()));
    assertThat(String.join(" ", found)).isEqualTo(result.replace('/', '|'));
  }

  /** Sections 8.4 and 9.6: the default subscription beside another one, with defaults off. */
  @ParameterizedTest
  @CsvSource({"s2, 2", "s3, 1"})
  void defaultsThatAreSwitchedOff(String kind, int reasons) {
    DeployedSyncConfig config = deployed(yaml(kind, "SELECT id FROM t"));
    assertThat(config.evaluate(withoutDefaults()).staticBuckets()).isEmpty();
    SyncRequest.Subscription subscription =
        new SyncRequest.Subscription("s", Map.of(), OptionalInt.empty());
    List<ResolvedBucket> buckets = config.evaluate(withoutDefaults(subscription)).staticBuckets();
    assertThat(buckets.stream().mapToInt(bucket -> bucket.reasons().size()).sum())
        .isEqualTo(reasons);
  }

  private static SyncRequest withoutDefaults(SyncRequest.Subscription... subscriptions) {
    return new SyncRequest(Map.of(), Map.of(), false, List.of(subscriptions));
  }

  /** Section 9.5: an empty request array asks nothing; a lookup without rows stops no other. */
  @Test
  void whichLookupsAreAsked() {
    String both =
        "SELECT id FROM d WHERE x IN (SELECT n FROM t WHERE owner = auth.user_id())"
            + " AND y IN (SELECT n FROM u WHERE owner = auth.user_id())";
    assertThat(asked(both)).hasSize(2);
    assertThat(asked(both + " AND z IN auth.parameter('none')")).isEmpty();
    assertThat(asked(both + " AND z IN auth.parameter('some')")).hasSize(2);
  }

  private static List<ParameterLookup> asked(String sql) {
    List<ParameterLookup> asked = new ArrayList<>();
    Map<String, Object> token = Map.of("sub", "u", "none", List.of(), "some", List.of("a"));
    RequestEvaluation evaluation =
        deployed(yaml("s3", sql)).evaluate(new SyncRequest(token, Map.of(), true, List.of()));
    List<ResolvedBucket> buckets =
        evaluation.dynamicBuckets(
            lookups -> {
              asked.addAll(lookups);
              return Map.of();
            });
    assertThat(buckets).isEmpty();
    return asked;
  }

  private static String yaml(String kind, String sql) {
    String quoted = "'" + sql.replace("'", "''") + "'";
    return switch (kind) {
      case "bucket" ->
          "bucket_definitions: {a: {parameters: SELECT request.user_id() AS p, data: [%s]}}"
              .formatted(quoted);
      case "two" ->
          "bucket_definitions: {a: {parameters: '%s', data: [%s]}}"
              .formatted("SELECT request.user_id() AS p, request.user_id() AS q", quoted);
      case "param" -> "bucket_definitions: {a: {parameters: %s, data: []}}".formatted(quoted);
      case "s2", "s3" ->
          "config: {edition: %s}\nstreams: {s: {auto_subscribe: true, query: %s}}"
              .formatted(kind.substring(1), quoted);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static DeployedSyncConfig deployed(String yaml) {
    LoadResult loaded = SyncConfig.load(yaml, "public");
    assertThat(loaded.fatal()).isEmpty();
    return loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED);
  }
}
