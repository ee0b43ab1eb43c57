package org.powersync.jakarta.syncconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The rules for expressions, sentence by sentence (sync config sections 5.1 and 6): editions, an
 * expression, and its value as output rows write it or the code of its error. In a row where {@code
 * n} is NULL and {@code b} the bytes FF 41. Blobs are shown by {@code hex}.
 */
class ExpressionRulesTest {
  /** 5.1: truth, integers of any size, the text of numbers. */
  private static final String VALUES =
      """
      12  iif('1x', 1, 0)                                  1
      123 iif(' 3', 1, 0)                                  1
      123 iif('0x1', 1, 0)                                 1
      123 iif('-0x1', 1, 0)                                1
      123 iif('0.9', 1, 0)                                 0
      123 iif('x', 1, 0)                                   0
      123 iif('', 1, 0)                                    0
      123 iif(0.5, 1, 0)                                   1
      123 iif(0, 1, 0)                                     0
      123 iif(b, 1, 0)                                     0
      123 iif(n, 1, 0)                                     0
      123 CAST('9223372036854775807' AS integer) + 1       9223372036854775808
      3   9223372036854775807 * 9223372036854775807        85070591730234615847396907784232501249
      12  9223372036854775807 + 0                          9223372036854775808
      123 CAST('123456789012345678901234567890' AS integer) 123456789012345678901234567890
      123 CAST(1.0 AS text)                                "1"
      123 CAST(0.000001 AS text)                           "0.000001"
      123 CAST(0.0000001 AS text)                          "1e-7"
      123 CAST(100000000000000000000.0 AS text)            "100000000000000000000"
      123 CAST(1000000000000000000000.0 AS text)           "1e+21"
      123 CAST(CAST('-0' AS real) AS text)                 "0"
      123 1.0 * 1                                          1.0
      123 1000000000000000000000.0 * 1                     1e+21
      123 length('😀')                                     2
      """;

  /** 6.1 and 6.2: comparison and logic. */
  private static final String COMPARISON =
      """
      123 '10' = 10                                        0
      123 10 = 10.0                                        1
      123 CAST('9007199254740993' AS integer) = 9007199254740992.0 0
      123 n = 1                                            null
      12  n != 1                                           null
      3   n != 1                                           1
      3   n <> n                                           1
      123 n < 1                                            null
      123 100 < 'a'                                        1
      123 'a' < b                                          1
      123 b > 5                                            1
      123 b = b                                            blob-comparison
      123 '😀' < '｡'                                        1
      123 n IS NULL                                        1
      123 n IS NOT NULL                                    0
      123 NOT n                                            1
      123 n AND 1                                          0
      123 n OR 0                                           0
      123 n OR 'a'                                         0
      123 2 AND '2x'                                       1
      """;

  /** 6.3 and 6.4: arithmetic, texts, casts. */
  private static final String ARITHMETIC =
      """
      123 7 / 2                                            3
      123 (0 - 7) / 2                                      -3
      123 7 / 2.0                                          3.5
      123 1 / 0                                            null
      123 1.0 / 0                                          null
      123 '3' + '4'                                        7
      123 '1.5' + 1                                        2.5
      123 'x' + 1                                          1
      123 n + 1                                            null
      123 'x' || n                                         null
      123 1.0 || 'x'                                       "1x"
      123 'a' || 1 + 2                                     2
      3   5 % 2                                            operator-not-supported
      3   5 & 2                                            operator-not-supported
      3   5 | 2                                            operator-not-supported
      3   5 << 2                                           operator-not-supported
      3   5 >> 2                                           operator-not-supported
      3   +'x'                                             "x"
      123 CAST('12.9' AS integer)                          12
      123 CAST('1e3' AS integer)                           1
      123 CAST('  -5x' AS integer)                         -5
      123 CAST('x' AS integer)                             0
      123 CAST(0 - 1.9 AS integer)                         -2
      123 CAST(CAST('1e999' AS real) AS integer)           integer-cast-not-finite
      123 CAST('1e2x' AS real)                             100.0
      123 CAST('x' AS real)                                0.0
      123 CAST('12.0' AS numeric)                          12.0
      123 CAST('1e3' AS numeric)                           1000.0
      123 CAST('12' AS NUMERIC)                            12
      123 CAST('x' AS numeric)                             0
      123 CAST(n AS text)                                  null
      123 hex(CAST('ä' AS blob))                           "C3A4"
      123 hex(CAST(1.0 AS blob))                           "31"
      123 CAST(b AS text)                                  "\uFFFDA"
      123 CAST(CAST('\uFEFFx' AS blob) AS text)            "x"
      123 CAST(CAST('12x' AS blob) AS integer)             12
      """;

  /** 6.5: sets, ranges, choices. */
  private static final String CHOICES =
      """
      12  2 IN '[1,2]'                                     1
      12  2 IN '[1.0,2.0]'                                 1
      12  1 IN '[true]'                                    1
      12  '{"a":1}' IN '[{"a":1}]'                         1
      12  3 IN '[1,null]'                                  0
      12  n IN '[1]'                                       null
      12  1 IN n                                           null
      12  1 IN '{}'                                        not-a-json-array
      12  1 IN 5                                           not-a-json-array
      12  1 IN '['                                         invalid-json
      3   1 NOT IN '[1]'                                   0
      3   n NOT IN '[1]'                                   1
      3   n IN ARRAY[1]                                    null
      3   2 IN ARRAY[1, n]                                 null
      3   1 IN ARRAY[1, n]                                 1
      3   2 IN ROW(1, 3)                                   0
      3   2 BETWEEN 1 AND 3                                1
      3   4 BETWEEN 1 AND 3                                0
      3   2 BETWEEN n AND 3                                null
      3   2 NOT BETWEEN n AND 3                            1
      3   CASE WHEN n THEN 1 END                           null
      3   CASE WHEN 0 THEN 1 WHEN 2 THEN 3 ELSE 4 END      3
      3   CASE 1 WHEN 2 THEN 'a' ELSE 'b' END              "b"
      3   CASE n WHEN n THEN 'a' END                       null
      3   2 IS TRUE                                        0
      3   1 IS TRUE                                        1
      3   n IS NOT TRUE                                    1
      3   0 IS FALSE                                       1
      """;

  /** 6.6: JSON access. */
  private static final String JSON =
      """
      123 '{"a":{"b":1}}' -> 'a'                           "{\\"b\\":1}"
      123 '{"a":"x"}' -> 'a'                               "\\"x\\""
      123 '{"a":"x"}' ->> 'a'                              "x"
      123 '{"a":true}' ->> 'a'                             1
      123 '{"a":1.0}' ->> 'a'                              1.0
      123 '{"a":1}' ->> 'a'                                1
      123 '{"a":123456789012345678901}' ->> 'a'            123456789012345678901
      123 '{"b":1,"2":2,"1":3}' -> '$'                     "{\\"1\\":3,\\"2\\":2,\\"b\\":1}"
      123 '{}' ->> 'a'                                     null
      123 n ->> 'a'                                        null
      123 '{' ->> 'a'                                      invalid-json
      123 '{"a":1,"a":2}' ->> 'a'                          invalid-json
      123 '{"a":1,"a":1}' ->> 'a'                          1
      1   '{"a":null}' ->> 'a'                             "null"
      23  '{"a":null}' ->> 'a'                             null
      1   '{"a":null}' -> 'a'                              null
      23  '{"a":null}' -> 'a'                              "null"
      1   '{"a":{"b":2},"a.b":3}' ->> 'a.b'                2
      23  '{"a":{"b":2},"a.b":3}' ->> 'a.b'                3
      123 '{"a":{"b":2}}' ->> '$.a.b'                      2
      123 '[5,6]' ->> '$.1'                                6
      123 '[5,6]' ->> '$.length'                           2.0
      123 '"ab"' ->> '$.1'                                 "b"
      123 '"ab"' ->> '$.length'                            2.0
      123 '[5,6]' ->> '$[1]'                               "[5,6]"
      3   '[5,6]' ->> 1                                    6
      123 json_extract('{"a":[1]}', '$.a')                 "[1]"
      123 json_extract('{"a":1}', 'a')                     invalid-json-path
      """;

  /** 6.7: functions. */
  private static final String FUNCTIONS =
      """
      123 upper('straße')                                  "STRASSE"
      123 lower('ΑΣ')                                      "ας"
      123 upper(1.0)                                       "1"
      123 UPPER(n)                                         null
      123 length(b)                                        2
      123 length(12.50)                                    4
      123 instr('abc', 'c')                                3
      123 instr('abc', 'x')                                0
      123 instr('abc', '')                                 1
      123 instr(b, CAST('A' AS blob))                      2
      123 instr(n, 'a')                                    null
      123 hex(b)                                           "FF41"
      123 hex(n)                                           ""
      123 base64(b)                                        "/0E="
      123 base64(n)                                        ""
      123 hex(uuid_blob('550E8400-e29b-41d4-a716-446655440000')) "550E8400E29B41D4A716446655440000"
      123 hex(uuid_blob('00000000-0000-0000-0000-000000000000')) "00000000000000000000000000000000"
      123 uuid_blob('550e8400-e29b-01d4-a716-446655440000') invalid-uuid
      123 uuid_blob('550e8400e29b41d4a716446655440000')    invalid-uuid
      123 length(uuid_blob('ffffffff-ffff-ffff-ffff-ffffffffffff')) 16
      123 typeof(n)                                        "null"
      123 typeof(b)                                        "blob"
      123 typeof(1.0)                                      "real"
      123 ifnull(n, 5)                                     5
      123 ifnull(0, 5)                                     0
      123 json_array_length('[1,2]')                       2
      123 json_array_length('{}')                          0
      123 json_array_length('{"a":[1]}', '$.a')            1
      123 json_array_length('{"a":"x"}', '$.a')            invalid-json
      123 json_array_length(n)                             null
      12  json_valid('{')                                  0
      12  json_valid('{}')                                 1
      12  json_valid(n)                                    0
      123 json_keys('{"b":1,"2":1,"1":1}')                 "[\\"1\\",\\"2\\",\\"b\\"]"
      123 json_keys(n)                                     null
      123 json_keys('[1]')                                 json-not-an-object
      123 json_keys('null')                                json-not-an-object
      123 substring('abcde', 2)                            "bcde"
      123 substring('abcde', 2, 2)                         "bc"
      123 substring('abcde', 0, 2)                         "a"
      123 substring('abcde', 0 - 2)                        "de"
      123 substring('abcde', 0 - 9, 2)                     "ab"
      123 substring('abcde', 4, 0 - 2)                     "bc"
      123 substring('abcde', '2x', 1)                      "b"
      123 substring('abcde', n)                            null
      123 substring('abcde', 1, n)                         null
      123 unixepoch('1970-01-02')                          86400
      123 unixepoch('1970-01-01 00:00:01.9')               1
      123 unixepoch('1970-01-01T00:00:01.9', 'subsec')     1.9
      123 unixepoch('1970-01-01T01:00:00+01:00')           0
      123 unixepoch(5, 'unixepoch')                        5
      123 unixepoch('x')                                   null
      123 unixepoch('1970-01-01', 'month')                 null
      123 unixepoch(2440587.5)                             0
      123 datetime('2440587.5')                            "1970-01-01 00:00:00"
      123 datetime(1, 'unixepoch')                         "1970-01-01 00:00:01"
      123 datetime(1.5, 'unixepoch', 'subsecond')          "1970-01-01 00:00:01.500"
      123 st_astext('0101000000000000000000F03F0000000000000040')  "POINT(1 2)"
      123 st_asgeojson('0101000000000000000000F03F0000000000000040') "{\\"type\\":\\"Point\\",\\"coordinates\\":[1.0,2.0]}"
      123 st_x('0101000000000000000000F03F0000000000000040') 1.0
      123 st_y('0101000000000000000000F03F0000000000000040') 2.0
      """;

  record Rule(int edition, String expression, String result) {
    @Override
    public String toString() {
      return "edition " + edition + ": " + expression;
    }
  }

  static Stream<Rule> rules() {
    return Stream.of(VALUES, COMPARISON, ARITHMETIC, CHOICES, JSON, FUNCTIONS)
        .flatMap(String::lines)
        .flatMap(ExpressionRulesTest::rules);
  }

  private static Stream<Rule> rules(String line) {
    int expression = line.indexOf(' ');
    int result =
        line.lastIndexOf("  ") > 4 ? line.lastIndexOf("  ") + 2 : line.lastIndexOf(' ') + 1;
    return line.substring(0, expression)
        .chars()
        .mapToObj(
            edition ->
                new Rule(
                    edition - '0',
                    line.substring(expression, result).trim(),
                    line.substring(result).trim()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(Rule rule) {
    String query = "SELECT id, %s AS result FROM t".formatted(rule.expression());
    String quoted = "'" + query.replace("'", "''") + "'";
    LoadResult loaded =
        SyncConfig.load(
            rule.edition() == 3
                ? "config: {edition: 3}\nstreams: {s: {query: %s}}".formatted(quoted)
                : "config: {edition: %d}\nbucket_definitions: {s: {data: [%s]}}"
                    .formatted(rule.edition(), quoted),
            "public");
    assertThat(loaded.fatal()).isEmpty();
    Evaluated<BucketRow> evaluated =
        loaded
            .config()
            .orElseThrow()
            .deployed(BucketNaming.UNVERSIONED)
            .evaluator(TableName.of("public", "t"))
            .data(
                SourceRow.of(
                    List.of("id", "n", "b"),
                    List.of(
                        SqlValue.of("i"),
                        SqlValue.NULL,
                        new SqlValue.Blob(new byte[] {(byte) 0xFF, 'A'}))));
    String found =
        evaluated.errors().isEmpty()
            ? result(evaluated.results().get(0).data())
            : evaluated.errors().get(0).about();
    assertThat(found).isEqualTo(rule.result());
  }

  private static String result(OutputRow row) {
    String json = new String(row.json(), UTF_8);
    return json.substring("{\"id\":\"i\",\"result\":".length(), json.length() - 1);
  }
}
