package org.powersync.jakarta.syncconfig.sqlite;

import static org.powersync.jakarta.syncconfig.sqlite.Pool.BLOBS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.DECIMALS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.INTEGERS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.INTEGER_TEXTS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.NOTHING;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.NUMBER_TEXTS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.SMALL_INTEGERS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.TEXTS;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code unstable_sqlite_expression_engine}, expressions give what real SQLite gives. */
class SqliteEngineTest {
  private static final long SEED = 48;
  private static final int GENERATED = 1000;

  private static final Pool EVERYTHING =
      SMALL_INTEGERS
          .and(INTEGERS)
          .and(DECIMALS)
          .and(INTEGER_TEXTS)
          .and(NUMBER_TEXTS)
          .and(TEXTS)
          .and(
              Pool.of("9223372036854775808", "-9223372036854775809", "12.0", "1e2", "😀", "\uffee"))
          .and(BLOBS);
  private static final Pool POSITIONS =
      Pool.of(0, 1, 2, 3, 5, 100, -1, -2, -3, -5, -100, Long.MAX_VALUE, Long.MIN_VALUE);
  private static final Pool COUNTS =
      Pool.of(0, 1, 2, 63, 64, 65, -1, -63, -64, Long.MAX_VALUE, Long.MIN_VALUE).and(NUMBER_TEXTS);
  private static final Pool DOCUMENTS =
      Pool.of(
          "{}",
          "[]",
          "",
          "null",
          "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"},\"1\":\"one\",\"a.b\":2}",
          "{\"a\":\"t\\u00e9xt\\n\",\"b\":{\"c\":true,\"e\":false}}",
          " { \"a\" : 1.50 , \"b\" : { \"c\" : [ 1 , \"\\u0041 b\" ] } } ",
          "{\"a\":12345678901234567890,\"b\":{\"c\":-0.25e2},\"\":5}",
          "{\"a\":1,\"a\":2,\"b\":[10,20,[30]]}",
          "[1,[2,3],{\"a\":null}]",
          "1",
          "\"t\"",
          "{\"a\":",
          "[1,2",
          "01",
          "tru",
          "{\"a\" 1}",
          "12 13");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a + b",
        "a - b",
        "a * b",
        "a / b",
        "a % b",
        "a & b",
        "a | b",
        "a || b",
        "a = b",
        "a < b",
        "a <= b",
        "a > b",
        "a >= b",
        "a AND b",
        "a OR b",
        "a != b",
        "ifnull(a, b)",
        "instr(a, b)",
        "CAST(a AS text) = b",
        "CAST(a AS integer) = b",
        "CAST(a AS numeric) < b",
        "CAST(a AS blob) = b",
        "CAST(a AS text) < CAST(b AS integer)",
        "CAST(a AS blob) <= CAST(b AS text)",
        "CASE a WHEN b THEN 1 ELSE 0 END",
        "CASE CAST(a AS text) WHEN b THEN 1 END"
      })
  void ofTwoValues(String expression) throws Exception {
    compare(
        expression, expression.replace("a != b", "NOT (a = b)"), EVERYTHING, EVERYTHING, NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOT a",
        "+a",
        "a IS NULL",
        "a IS NOT NULL",
        "typeof(a)",
        "length(a)",
        "hex(a)",
        "CAST(a AS text)",
        "CAST(a AS integer)",
        "CAST(a AS real)",
        "CAST(a AS numeric)",
        "CAST(a AS blob)",
        "a + 0",
        "a || ''",
        "a > 9223372036854775807",
        "a = 99999999999999999999",
        "iif(a, 1, 2)",
        "CASE WHEN a THEN 'y' WHEN NOT a THEN 'n' END",
        "CAST(CAST(CAST(a AS integer) & 65535 AS real) / 8 AS text)",
        "CAST(a AS integer) % 7",
        "a = '12'",
        "a = 12",
        "a < 0.5"
      })
  void ofOneValue(String expression) throws Exception {
    compare(expression, expression, EVERYTHING, NOTHING, NOTHING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a BETWEEN b AND c; a BETWEEN b AND c",
        "a NOT BETWEEN b AND c; a NOT BETWEEN b AND c",
        "a IN ROW(b, c); a IN (b, c)",
        "CAST(a AS text) IN ROW(b, c); CAST(a AS text) IN (b, c)",
        "a IS TRUE; a IS 1",
        "a IS NOT FALSE; a IS NOT 0",
        "iif(a, b, c); iif(a, b, c)"
      })
  void ofThreeValues(String expression, String inSqlite) throws Exception {
    Pool some =
        new Pool(
            EVERYTHING.edges().stream().filter(value -> value.hashCode() % 3 == 0).toList(),
            EVERYTHING.generator());
    compare(expression, inSqlite, some, some, some);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a << b", "a >> b"})
  void shifts(String expression) throws Exception {
    compare(expression, expression, EVERYTHING, COUNTS, NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"substring(a, b)", "substring(a, b, c)"})
  void substrings(String expression) throws Exception {
    Pool values = TEXTS.and(BLOBS).and(INTEGERS).and(Pool.of("😀é", "a😀"));
    compare(expression, expression, values, POSITIONS, POSITIONS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a -> '$'",
        "a ->> '$'",
        "a -> 'a'",
        "a ->> 'a'",
        "a ->> '1'",
        "a -> 'a.b'",
        "a ->> '$.b.c'",
        "a -> '$.b'",
        "a -> '$.b.c[1]'",
        "a ->> '$.b[#-1][0]'",
        "a -> '$[1]'",
        "a -> '[1]'",
        "a ->> '$.\"a.b\"'",
        "a -> '$.'",
        "a -> '$x'",
        "a -> '$[x]'",
        "a -> '$[#]'",
        "a ->> ''",
        "json_extract(a, '$.a')",
        "json_extract(a, 'a')",
        "json_extract(a, '$.b.c[2].d')",
        "json_array_length(a)",
        "json_array_length(a, '$.b')",
        "json_array_length(a, '$.b.c')",
        "json_array_length(a, '$.nothing')"
      })
  void json(String expression) throws Exception {
    compare(expression, expression, DOCUMENTS.and(SMALL_INTEGERS), NOTHING, NOTHING);
  }

  private static void compare(String expression, String inSqlite, Pool a, Pool b, Pool c)
      throws Exception {
    try (Comparing comparing = new Comparing(SEED, GENERATED)) {
      comparing.agree(Evaluator.engine(expression), inSqlite, a, b, c);
    }
  }
}
