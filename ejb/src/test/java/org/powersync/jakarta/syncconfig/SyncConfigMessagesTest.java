package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;

/**
 * Every message that loading a config can have (sync config section 13): a text that has it, its
 * level, and in «» the part it points at, where it has one. Levels are F and W; the word in front
 * of the text says where the text stands in a config, and ¶ ends a line.
 */
class SyncConfigMessagesTest {
  private static final String MESSAGES =
      """
      yaml-syntax                          F yaml   a: [
      yaml-syntax                          F yaml   streams: {}¶«streams»: {}
      root-not-a-map                       F yaml   [1]
      expected-map                         F yaml   bucket_definitions: 5
      expected-map                         F yaml   config:¶bucket_definitions: {}
      expected-sequence                    F yaml   bucket_definitions: {a: {data: «SELECT»}}
      expected-scalar                      F yaml   bucket_definitions: {a: {data: [«[x]»]}}
      expected-string                      F yaml   bucket_definitions: {«5»: {data: []}}
      expected-number                      F yaml   config: {edition: «latest»}¶bucket_definitions: {}
      expected-boolean                     F yaml   config: {timestamps_iso8601: «5»}¶bucket_definitions: {}
      unknown-key                          F yaml   bucket_definitions: {}¶«others»: {}
      unknown-key                          F yaml   config: {«sync_config_compiler»: true}¶bucket_definitions: {}
      missing-key                          F yaml   bucket_definitions: {a: «{priority: 1}»}
      schema-violation                     F yaml   config: {edition: 4}¶streams: {}
      schema-violation                     F yaml   config: {edition: 0}¶bucket_definitions: {}
      schema-violation                     F yaml   config: {edition: 1.5}¶bucket_definitions: {}
      no-definitions                       F yaml   config: {edition: 2}
      streams-required                     F yaml   config: {edition: 3}
      bucket-definitions-not-in-edition-3  F yaml   config: {edition: 3}¶streams: {}¶bucket_definitions: {}
      streams-need-edition-2               F yaml   streams: {s: {query: «SELECT id FROM t»}}
      cte-needs-edition-3                  F yaml   config: {edition: 2}¶streams: {s: {query: SELECT id FROM t, with: «{a: SELECT id FROM t}»}}
      queries-needs-edition-3              F yaml   config: {edition: 2}¶streams: {s: {queries: «[SELECT id FROM t]»}}
      query-xor-queries                    F yaml   config: {edition: 3}¶streams: {s: «{}»}
      query-xor-queries                    F yaml   config: {edition: 3}¶streams: {s: «{query: SELECT id FROM t, queries: [SELECT id FROM t]}»}
      duplicate-definition                 F yaml   config: {edition: 2}¶bucket_definitions: {a: {data: []}}¶streams: {«a»: {query: SELECT id FROM t}}
      invalid-priority                     F yaml   bucket_definitions: {a: {priority: «4», data: []}}
      invalid-priority                     F param  SELECT «5» AS _priority
      invalid-priority                     F param  SELECT value AS v, «1» AS _priority FROM json_each(request.jwt()) AS j
      priority-twice                       F yaml   bucket_definitions: {a: {priority: 1, parameters: «SELECT 2 AS _priority», data: []}}
      storage-version-unsupported          F yaml   config: {storage_version: «1»}¶bucket_definitions: {}
      storage-version-unstable             W yaml   config: {storage_version: «3»}¶bucket_definitions: {}
      unknown-time-precision               F yaml   config: {edition: 2, timestamp_max_precision: «days»}¶bucket_definitions: {}
      precision-needs-iso8601              F yaml   config: {timestamp_max_precision: «seconds»}¶bucket_definitions: {}
      sqlite-engine-needs-edition-3        F yaml   config: «{edition: 2, unstable_sqlite_expression_engine: true}¶»bucket_definitions: {}
      sqlite-engine-needs-fixed-json       F yaml   config: «{edition: 3, fixed_json_extract: false, unstable_sqlite_expression_engine: true}¶»streams: {}
      alpha-streams-deprecated             W stream2 SELECT id FROM t
      sql-syntax                           F data   «SELECT id FROM»
      multiple-statements                  F data   SELECT id FROM t; «SELECT id FROM t»
      not-a-select                         F data   «DELETE FROM t»
      clause-not-supported                 F data   SELECT id FROM t «LIMIT 1»
      from-single-table                    F data   SELECT id FROM «t», u
      subquery-in-from                     F param  SELECT id FROM «(SELECT id FROM t) AS u»
      table-not-found                      W data   SELECT id FROM «nowhere»
      column-not-found                     W data   SELECT id, «nothing» FROM t
      identifier-lowercased                W data   SELECT id, «Name» FROM t
      column-alias-required                F data   SELECT id, «upper(name)» FROM t
      column-name-unspecified              W stream3 SELECT id, «upper(name)» FROM t
      missing-id-column                    F data   SELECT «name» FROM t
      missing-id-column                    W data   SELECT «*» FROM no_id
      star-not-allowed                     F param  SELECT «*» FROM t
      star-not-allowed                     F stream3 SELECT t.id FROM t, (SELECT «*» FROM u) AS v WHERE t.id = v.id
      star-after-alias                     W stream3 SELECT id AS id, «*» FROM t
      undefined-reference                  F stream3 SELECT «other.id» FROM t
      ambiguous-reference                  F stream3 SELECT t.id FROM t, u WHERE «id» = 1
      duplicate-table-name                 F stream3 SELECT t.id FROM t, «t»
      schema-in-column-reference           F stream3 SELECT id FROM t WHERE «public.t.id» = 1
      unknown-function                     F data   SELECT id, «soundex(name)» AS s FROM t
      unknown-function-schema              F stream3 SELECT id, «nosuch.upper»(name) AS s FROM t
      unknown-request-function             F param  SELECT «request.nothing()» AS x
      unknown-table-valued-function        F param  SELECT value AS x FROM «generate_series(1) AS g»
      function-not-deterministic           F data   SELECT id, «random()» AS r FROM t
      function-clause-not-supported        F stream3 SELECT id, «upper(DISTINCT name)» AS n FROM t
      wrong-argument-count                 F stream3 SELECT id, «upper»(name, name) AS n FROM t
      user-id-only-on-auth                 F stream3 SELECT id FROM t WHERE owner = «connection.user_id»()
      request-function-in-data-query       F data   SELECT id, «request.user_id()» AS u FROM t
      operator-not-supported               F data   SELECT id, «n % 2» AS m FROM t
      like-not-supported                   F data   SELECT id FROM t WHERE «name LIKE 'a%'»
      expression-not-supported             F data   SELECT id, «CASE WHEN n = 1 THEN 2 END» AS c FROM t
      member-key-not-supported             F data   SELECT id, name -> «1» AS c FROM t
      invalid-cast-type                    F data   SELECT id, «CAST(n AS date)» AS d FROM t
      sql-parameter                        F stream3 SELECT id, «$1» AS p FROM t
      subquery-position                    F stream3 SELECT id, («SELECT 1») AS one FROM t
      row-and-parameter-mixed              F param  SELECT id FROM t WHERE upper(name || «request.user_id()») = 'A'
      parameter-match-not-allowed          F bucket SELECT id FROM t WHERE NOT («owner = bucket.p»)
      bucket-parameter-in-expression       F bucket SELECT id FROM t WHERE owner = upper(«bucket.p»)
      bucket-parameter-right-of-in         F bucket SELECT id FROM t WHERE owner IN «bucket.p»
      bucket-parameters-both-sides         F bucket SELECT id FROM t WHERE «bucket.p = bucket.p»
      multiple-in-on-bucket-parameters     F two    SELECT id FROM t WHERE «bucket.p IN name AND bucket.q IN owner»
      multiple-array-inputs                F param  «SELECT id FROM t WHERE id IN request.parameter('a') AND name IN request.parameter('b')»
      or-parameters-differ                 F two    SELECT id FROM t WHERE «owner = bucket.p OR owner = bucket.q»
      bucket-parameters-not-covered        F bucket «SELECT id FROM t»
      bucket-parameters-differ             F yaml   bucket_definitions: {a: {parameters: [SELECT 1 AS p, «SELECT 1 AS q»], data: []}}
      bucket-parameters-undefined          F yaml   bucket_definitions: {a: {parameters: [], data: [«SELECT id FROM t»]}}
      parameter-query-alias                F param  SELECT u.id FROM t AS «u» WHERE u.owner = request.user_id()
      dangerous-parameters                 W param  «SELECT request.parameter('x') AS x»
      dangerous-parameters                 W stream3 SELECT id FROM t WHERE owner = «connection.parameter('x')»
      auto-subscribe-with-subscription-parameters W yaml config: {edition: 2}¶streams: {s: {auto_subscribe: true, query: "«SELECT id FROM t WHERE owner = subscription.parameter('x')»"}}
      negation-not-allowed                 F stream2 SELECT id FROM t WHERE NOT («owner = auth.user_id()»)
      subquery-without-parameter           F stream2 «SELECT id FROM t WHERE owner IN (SELECT id FROM u WHERE name = 'x')»
      subquery-or                          F stream2 SELECT id FROM t WHERE owner IN (SELECT id FROM u WHERE «name = auth.user_id() OR id = auth.user_id()»)
      subquery-condition-not-supported     F stream2 SELECT id FROM t WHERE owner IN (SELECT id FROM u WHERE «name IN (SELECT id FROM t WHERE id = auth.user_id()»))
      subquery-one-column                  F stream2 SELECT id FROM t WHERE owner IN («SELECT id, name FROM u WHERE name = auth.user_id()»)
      in-subquery-static-left              F stream2 SELECT id FROM t WHERE «'x'» IN (SELECT id FROM u WHERE name = auth.user_id())
      overlap-left-not-row                 F stream2 SELECT id FROM t WHERE «auth.parameter('x')» && (SELECT id FROM u WHERE name = auth.user_id())
      no-result-table                      F stream3 «SELECT 1 AS id»
      select-from-multiple-tables          F stream3 SELECT t.id, «u.name» FROM t, u WHERE t.id = u.id
      select-not-from-table                F stream3 SELECT «j.value» AS v FROM json_each(auth.parameter('x')) AS j
      selects-connection-parameter         F stream3 SELECT id, «auth.user_id()» AS u FROM t
      multiple-dependencies                F stream3 SELECT t.id FROM t, u WHERE t.n + «u.n» = 1
      unassociated-filter                  F stream3 SELECT t.id FROM t, json_each(auth.parameter('x')) AS j, «json_each(auth.parameter('y')) AS k» WHERE j.value = k.value AND t.id = j.value
      too-many-or-terms                    F yaml   $OR
      too-many-buckets                     F yaml   $BUCKETS
      table-valued-of-table-valued         F stream3 SELECT t.id FROM t, json_each(t.name) AS j, «json_each(j.value) AS k» WHERE k.value = auth.user_id()
      table-valued-partition               F stream3 SELECT t.id FROM t, u, «json_each(auth.parameter('x')) AS j» WHERE j.value = t.id AND j.value = u.id
      subquery-duplicate-column            F stream3 SELECT t.id FROM t, (SELECT id, «name AS id» FROM u) AS v WHERE v.id = t.id
      subquery-column-count                F stream3 SELECT t.id FROM t, «(SELECT id, name FROM u)» AS v (a) WHERE v.a = t.id
      subquery-column-not-found            F stream3 SELECT t.id FROM t, (SELECT id FROM u) AS v WHERE «v.other» = t.id
      cte-unused                           W yaml   config: {edition: 3}¶with: {«c»: SELECT id FROM u}¶streams: {s: {query: SELECT id FROM t}}
      cte-shadows-table                    W yaml   config: {edition: 3}¶with: {«u»: SELECT id FROM t}¶streams: {s: {query: SELECT id FROM t WHERE id IN u}}
      aliased-primary-in-join              W stream3 SELECT a.id FROM «t AS a», u WHERE a.id = u.id AND u.owner = auth.user_id()
      table-suffix-without-wildcard        W stream3 SELECT id, «t.table_suffix»() AS x FROM t
      row-metadata-on-subquery             F stream3 SELECT t.id FROM t, (SELECT id FROM u) AS v WHERE «v.table_name»() = t.id
      event-duplicate-table                F yaml   bucket_definitions: {}¶event_definitions: {e: {payloads: [SELECT id FROM t, «SELECT name FROM t»]}}
      """;

  private static final SourceSchema SCHEMA =
      new SourceSchema(
          List.of(
              table("t", "id", "name", "n", "owner"),
              table("u", "id", "name", "n", "owner"),
              table("no_id", "name")));

  private static SourceSchema.Table table(String name, String... columns) {
    return new SourceSchema.Table(
        TableName.of("public", name),
        Stream.of(columns).map(c -> SourceSchema.Column.ofPostgres(c, "text")).toList());
  }

  /**
   * @param place the text that is pointed at; empty where there is none to point at
   */
  record Message(String about, ConfigMessage.Level level, String yaml, String place) {
    @Override
    public String toString() {
      return about + " of " + (yaml.length() > 150 ? yaml.length() + " characters" : yaml);
    }
  }

  static Stream<Message> messages() {
    return MESSAGES.lines().map(SyncConfigMessagesTest::message);
  }

  private static Message message(String line) {
    String[] parts = line.trim().split(" +", 4);
    String marked = yaml(parts[2], parts[3]);
    int start = marked.indexOf('«');
    return new Message(
        parts[0],
        parts[1].equals("F") ? ConfigMessage.Level.FATAL : ConfigMessage.Level.WARNING,
        marked.replace("«", "").replace("»", ""),
        start < 0 ? "" : marked.substring(start + 1, marked.indexOf('»')));
  }

  private static String yaml(String place, String text) {
    return switch (place) {
      case "yaml" ->
          switch (text) {
            case "$OR" -> stream3("SELECT id FROM t WHERE " + alternatives(11, "AND"));
            case "$BUCKETS" -> stream3("SELECT id FROM t WHERE " + alternatives(101, "OR"));
            default -> text.replace('¶', '\n') + "\n";
          };
      case "data" -> definition("", text);
      case "bucket" -> definition("    parameters: SELECT request.user_id() AS p\n", text);
      case "two" ->
          definition(
              "    parameters: SELECT request.user_id() AS p, request.user_id() AS q\n", text);
      case "param" ->
          "bucket_definitions:\n  a:\n    data: []\n    parameters:\n      - " + text + "\n";
      case "stream2" -> "config: {edition: 2}\nstreams:\n  s:\n    query: " + text + "\n";
      case "stream3" -> stream3(text);
      default -> throw new IllegalArgumentException(place);
    };
  }

  private static String definition(String parameters, String sql) {
    return "bucket_definitions:\n  a:\n" + parameters + "    data:\n      - " + sql + "\n";
  }

  private static String stream3(String sql) {
    return "config: {edition: 3}\nstreams:\n  s:\n    query: " + sql + "\n";
  }

  private static String alternatives(int count, String operator) {
    List<String> terms =
        Stream.iterate(1, i -> i + 1)
            .limit(count)
            .map(
                i ->
                    operator.equals("OR")
                        ? "c%1$d = auth.parameter('p%1$d')".formatted(i)
                        : "(c%1$d = auth.user_id() OR d%1$d = auth.user_id())".formatted(i))
            .toList();
    return String.join(" " + operator + " ", terms);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void eachMessageHasItsLevelAndPlace(Message message) {
    LoadResult loaded = SyncConfig.load(message.yaml(), "public", SCHEMA);
    loaded
        .messages()
        .forEach(
            m ->
                System.out.println(
                    "PLACE "
                        + message.about()
                        + "\t"
                        + m.about()
                        + "\t"
                        + m.level()
                        + "\t"
                        + m.line()
                        + ":"
                        + m.column()
                        + "\t"
                        + m.start()
                        + "-"
                        + m.end()
                        + "\t"
                        + message
                            .yaml()
                            .substring(
                                Math.min(message.yaml().length(), m.start()),
                                Math.min(message.yaml().length(), m.end()))
                            .replace("\n", "¶")));
    assertThat(loaded.messages())
        .anySatisfy(
            said -> {
              assertThat(said.about()).isEqualTo(message.about());
              assertThat(said.level()).isEqualTo(message.level());
              assertThat(said.text()).isNotBlank();
              if (!message.place().isEmpty()) {
                assertThat(message.yaml().substring(said.start(), said.end()))
                    .isEqualTo(message.place());
                assertThat(said.line())
                    .isEqualTo(
                        1
                            + message
                                .yaml()
                                .substring(0, said.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count());
              }
            });
  }

  @Test
  void whatIsFineHasNone() {
    assertThat(SyncConfig.load(definition("", "SELECT id FROM t"), "public").messages()).isEmpty();
    assertThat(SyncConfig.load(stream3("SELECT id FROM t"), "public").messages()).isEmpty();
  }
}
