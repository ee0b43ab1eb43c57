package org.powersync.jakarta.syncconfig.sqlite;

import static org.powersync.jakarta.syncconfig.sqlite.Pool.ASCII;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.BLOBS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.INTEGERS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.INTEGER_TEXTS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.NOTHING;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.NUMBERS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.NUMBER_TEXTS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.REALS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.SMALL_INTEGERS;
import static org.powersync.jakarta.syncconfig.sqlite.Pool.TEXTS;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Where the language does as SQLite does (sync config section 6): the values are those for which
 * the specification has no rule of its own. Left out for that: text forms of REAL, REAL negative
 * cast to INTEGER, numbers beyond 64 bits, truth of texts that are no integers, affinity and kinds
 * compared with each other, logic and BETWEEN with NULL, characters outside the basic plane, case
 * mapping outside ASCII, substrings that begin before the text, fractions of a millisecond, escapes
 * in JSON written out, the array length of a text, and JSON that only one side accepts.
 */
class SqliteAgreementTest {
  private static final long SEED = 20261126;
  private static final int GENERATED = 400;

  private static final Pool POSITIVE_REALS =
      new Pool(
          REALS.edges().stream().filter(value -> real(value) > 0 && real(value) < 1e18).toList(),
          random -> SqlValue.of(random.nextDouble() * 1e6));

  private static final Pool POSITIONS = Pool.of(0, 1, 2, 3, 4, -1, -2, -3, -4, 100, -100);
  private static final Pool FROM_THE_START = Pool.of(0, 1, 2, 3, 4, 100);
  private static final Pool POSITIONS_OF_FIVE = Pool.of(0, 1, 4, 6, -1, -2, -3, -5);
  private static final Pool DOCUMENTS =
      Pool.of(
          "{}",
          "[]",
          "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}",
          "{\"a\":\"text\",\"b\":{\"c\":true,\"e\":false}}",
          " { \"a\" : 1.5 , \"b\" : { \"c\" : [ ] , \"x\" : \"\\n\" } } ",
          "{\"a\":12345678901,\"b\":{\"c\":-0.25}}",
          "{\"a\":[],\"b\":[1]}",
          "1",
          "\"t\"",
          "true");

  private static double real(SqlValue value) {
    return ((SqlValue.Real) value).value();
  }

  /** An expression, as SQLite has it if that differs, and what its columns hold. */
  private record Case(String expression, String inSqlite, Pool a, Pool b, Pool c) {
    Case(String expression, Pool a) {
      this(expression, expression, a, NOTHING, NOTHING);
    }

    Case(String expression, Pool a, Pool b) {
      this(expression, expression, a, b, NOTHING);
    }

    Case(String expression, Pool a, Pool b, Pool c) {
      this(expression, expression, a, b, c);
    }

    @Override
    public String toString() {
      return expression;
    }
  }

  static Stream<Case> everyEdition() {
    Pool integersAndReals = SMALL_INTEGERS.and(REALS);
    return Stream.of(
        new Case("a + b", integersAndReals, integersAndReals),
        new Case("a - b", integersAndReals, integersAndReals),
        new Case("a * b", SMALL_INTEGERS, SMALL_INTEGERS),
        new Case("a / b", integersAndReals, integersAndReals),
        new Case("a + b", INTEGER_TEXTS, SMALL_INTEGERS),
        new Case("a = b", NUMBERS, NUMBERS),
        new Case("a < b", NUMBERS, NUMBERS),
        new Case("a <= b", NUMBERS, NUMBERS),
        new Case("a > b", TEXTS, TEXTS),
        new Case("a >= b", TEXTS, TEXTS),
        new Case("a = b", TEXTS, TEXTS),
        new Case("a < b", NUMBERS, TEXTS),
        new Case("a < b", TEXTS, BLOBS),
        new Case("a = b", NUMBERS, BLOBS),
        new Case("a IS NULL", NUMBERS.and(TEXTS)),
        new Case("a IS NOT NULL", NUMBERS.and(BLOBS)),
        new Case("a || b", TEXTS, INTEGERS),
        new Case("CAST(a AS text)", INTEGERS.and(TEXTS)),
        new Case("CAST(a AS integer)", INTEGERS.and(INTEGER_TEXTS).and(NUMBER_TEXTS)),
        new Case("CAST(a AS integer)", POSITIVE_REALS),
        new Case("CAST(a AS real)", NUMBERS.and(NUMBER_TEXTS).and(INTEGER_TEXTS)),
        new Case("CAST(a AS numeric)", INTEGER_TEXTS),
        new Case("CAST(a AS blob)", TEXTS.and(BLOBS).and(INTEGERS)),
        new Case("typeof(a)", NUMBERS.and(TEXTS).and(BLOBS)),
        new Case("typeof(CAST(a AS real))", NUMBERS.and(TEXTS)),
        new Case("ifnull(a, b)", NUMBERS, TEXTS),
        new Case("iif(a, b, c)", SMALL_INTEGERS.and(INTEGER_TEXTS), TEXTS, NUMBERS),
        new Case("hex(a)", TEXTS.and(BLOBS).and(INTEGERS)),
        new Case("length(a)", TEXTS.and(BLOBS).and(INTEGERS)),
        new Case("upper(a)", ASCII),
        new Case("lower(a)", ASCII),
        new Case("instr(a, b)", TEXTS, TEXTS),
        new Case("instr(a, b)", INTEGERS, Pool.of("1", "2", "-", "9")),
        new Case("instr(a, b)", BLOBS, BLOBS),
        new Case("substring(a, b)", TEXTS, POSITIONS),
        new Case("substring(a, b, c)", TEXTS, FROM_THE_START, POSITIONS),
        new Case("substring(a, b, c)", INTEGERS, FROM_THE_START, POSITIONS),
        new Case("substring('some ' || a, b, c)", TEXTS, POSITIONS_OF_FIVE, POSITIONS),
        new Case("json_extract(a, '$.a')", DOCUMENTS),
        new Case("json_extract(a, '$.b.c')", DOCUMENTS),
        new Case("a ->> '$.b'", Pool.of("{\"b\":\"\\u00e9\\ud83d\\ude00\\t\\/\"}")),
        new Case("a ->> '$.b.e'", DOCUMENTS),
        new Case("a ->> 'a'", DOCUMENTS),
        new Case("a -> '$.b'", "json(a -> '$.b')", DOCUMENTS, NOTHING, NOTHING),
        new Case("json_array_length(a)", DOCUMENTS),
        new Case("json_array_length(a, '$.b.c')", DOCUMENTS),
        new Case("unixepoch(a)", times()),
        new Case("unixepoch(a, 'subsec')", times()),
        new Case("datetime(a)", times()),
        new Case("datetime(a, 'subsec')", times()),
        new Case("unixepoch(a, 'unixepoch')", SMALL_INTEGERS),
        new Case("datetime(a, 'unixepoch')", SMALL_INTEGERS));
  }

  static Stream<Case> edition3() {
    return Stream.of(
        new Case("a BETWEEN -7 AND 100.5", NUMBERS),
        new Case("a BETWEEN ifnull(b, 'a') AND ifnull(c, 'y')", TEXTS, TEXTS, TEXTS),
        new Case("CASE WHEN a > 1 THEN b ELSE c END", NUMBERS, TEXTS, NUMBERS),
        new Case("CASE a WHEN b THEN 'same' WHEN c THEN 'third' END", TEXTS, TEXTS, TEXTS),
        new Case("a IN ROW(b, c, 1)", "a IN (b, c, 1)", NUMBERS, NUMBERS, SMALL_INTEGERS),
        new Case("a IN ROW(b, c)", "a IN (b, c)", TEXTS, TEXTS, TEXTS),
        new Case("a IS TRUE", "a IS 1", SMALL_INTEGERS, NOTHING, NOTHING));
  }

  private static Pool times() {
    return Pool.of(
        "2026-11-26",
        "2026-11-26T10:11",
        "2026-11-26 10:11:12",
        "2026-11-26T10:11:12.345Z",
        "2026-11-26T10:11:12.345+02:30",
        "1969-12-31 23:59:59.5",
        "0001-01-01",
        "9999-12-31T23:59:59.999",
        "2024-02-29 00:00:00-11:00",
        "2026-13-01",
        "2026-11-26T25:00",
        "yesterday",
        "");
  }

  @ParameterizedTest
  @MethodSource("everyEdition")
  void edition2DoesAsSqliteDoes(Case given) throws Exception {
    compare(given, Evaluator.edition2(given.expression));
  }

  @ParameterizedTest
  @MethodSource({"everyEdition", "edition3"})
  void edition3DoesAsSqliteDoes(Case given) throws Exception {
    compare(given, Evaluator.edition3(given.expression));
  }

  private static void compare(Case given, Evaluator evaluator) throws Exception {
    try (Comparing comparing = new Comparing(SEED, GENERATED)) {
      comparing.agree(evaluator, given.inSqlite, given.a, given.b, given.c);
    }
  }
}
