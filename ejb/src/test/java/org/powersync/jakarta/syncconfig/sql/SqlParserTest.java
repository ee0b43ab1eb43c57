package org.powersync.jakarta.syncconfig.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.syncconfig.sql.RefusedClause.Kind;

class SqlParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "a = b IS NULL ; (a = (b IS NULL))",
        "(a = 1) IS NULL ; ((a = 1) IS NULL)",
        "a ISNULL ; (a IS NULL)",
        "a NOTNULL ; (a IS NOT NULL)",
        "a IS NOT TRUE IS NULL ; ((a IS NOT TRUE) IS NULL)",
        "a < b IS FALSE ; ((a < b) IS FALSE)",
        "'v' || a + 1 ; (('v' || a) + 1)",
        "a * 2 || 'z' ; ((a * 2) || 'z')",
        "'x' || j ->> 'k' ; ('x' || (j ->> 'k'))",
        "j -> 'a' ->> 0 ; ((j -> 'a') ->> 0)",
        "a + b::integer ; (a + (b :: integer))",
        "j ->> 'n'::text ; ((j ->> 'n') :: text)",
        "NOT a = 1 ; (NOT (a = 1))",
        "NOT a IS NULL ; (NOT (a IS NULL))",
        "NOT a AND b ; ((NOT a) AND b)",
        "NOT NOT a ; (NOT (NOT a))",
        "a OR b AND c OR d ; ((a OR (b AND c)) OR d)",
        "a <> b ; (a != b)",
        "a = b < c ; (a = (b < c))",
        "a < b BETWEEN c AND d ; (a < (b BETWEEN c TO d))",
        "a NOT BETWEEN 1 | 2 AND 3 AND b ; ((a NOT BETWEEN (1 | 2) TO 3) AND b)",
        "a | b LIKE c ; (a | (b LIKE c))",
        "a LIKE b IN c ; (a LIKE (b IN c))",
        "a NOT LIKE b ; (a NOT LIKE b)",
        "a IN b || c ; (a IN (b || c))",
        "a NOT IN b = c ; ((a NOT IN b) = c)",
        "a && b + c ; ((a && b) + c)",
        "a + b * c ^ d ; (a + (b * (c ^ d)))",
        "- a ^ b ; ((- a) ^ b)",
        "- a -> 'k' ; (- (a -> 'k'))",
        "2 ^ + a ; (2 ^ (+ a))",
        "a = b = c ; ((a = b) = c)",
        "a >> 1 & b ; (a >> (1 & b))",
        "a % 2 / 3 ; ((a % 2) / 3)",
        "a IN ('x') ; (a IN 'x')",
        "a IN ('x', 'y') ; (a IN LIST('x', 'y'))",
        "a IN (SELECT b FROM t) ; (a IN QUERY)",
        "a IN ARRAY['x', 1] ; (a IN ARRAY['x', 1])",
        "a NOT IN ROW('x', 3) ; (a NOT IN ROW('x', 3))",
        "CAST(a AS DOUBLE PRECISION) ; (a :: double precision)",
        "date '2020-01-01' ; ('2020-01-01' :: date)",
        "a::varchar(10)[] ; (a :: varchar(10)[])",
        "a[1] ; a[1]",
        "auth.user_id() ; auth.user_id()",
        "count(*) ; count(*)",
        "EXISTS (SELECT 1) ; exists(QUERY)",
        "public.a.x ; public.a.x",
        "substring(x FROM 2 FOR 3) ; substring{x, 2, 3}",
        "current_timestamp(3) ; <current_timestamp>",
        "user ; <user>",
        "row ; row",
      })
  void groupsOperators(String sql, String expected) throws SqlSyntaxException {
    assertThat(Rendering.of(expression(sql))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "a - 1 ; (a - 1)",
        "5 - -3 ; (5 - -3)",
        "-2 ; -2",
        "- 2 ; (- 2)",
        "-.5 ; -0.5",
        ".5 ; 0.5",
        "5. ; 5.0",
        "99999999999999999999 ; 99999999999999999999",
        "'it''s' ; 'it's'",
        "'back\\slash' ; 'back\\slash'",
        "E'a\\\\b\\/' ; 'a\\b/'",
        "E'' ; ('' :: e)",
        "\"We\"\"ird\" ; We\"\"ird",
        "ID ; id",
        "a /* x /* y */ */ -- z ; a",
      })
  void readsTokens(String sql, String expected) throws SqlSyntaxException {
    assertThat(Rendering.of(expression(sql))).isEqualTo(expected);
  }

  @Test
  void readsAnExponentAsAlias() throws SqlSyntaxException {
    List<SelectColumn> columns = select("SELECT 1e3, 2.5x").columns();
    assertThat(columns)
        .extracting(column -> Rendering.of(column.expression()))
        .containsExactly("1", "2.5");
    assertThat(columns)
        .extracting(column -> column.alias().orElseThrow().name())
        .containsExactly("e3", "x");
  }

  @Test
  void knowsHowNamesAreWritten() throws SqlSyntaxException {
    List<SelectColumn> columns = select("SELECT Id, id, \"Id\"").columns();
    assertThat(columns)
        .extracting(c -> ((Expression.ColumnReference) c.expression()).column().writing())
        .containsExactly(
            Identifier.Writing.FOLDED, Identifier.Writing.PLAIN, Identifier.Writing.QUOTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "-- nothing",
        "SELECT a-1",
        "SELECT a -1",
        "SELECT a == b",
        "SELECT a COLLATE b",
        "SELECT a IS DISTINCT FROM b",
        "SELECT a IS NULL < 1",
        "SELECT NOT a IS NULL < 1",
        "SELECT a + NOT b",
        "SELECT j -> k",
        "SELECT j -> 1.5",
        "SELECT é",
        "SELECT a$b",
        "SELECT order FROM t",
        "SELECT precision FROM t",
        "SELECT t.order FROM t",
        "SELECT \"a*b\"",
        "SELECT \"\"",
        "SELECT 'open",
        "SELECT \"open",
        "SELECT /* open",
        "SELECT E'\\q'",
        "SELECT E'it\\'s'",
        "SELECT E'\\u0041'",
        "SELECT 'a' 'b'",
        "SELECT a,",
        "SELECT ()",
        "SELECT substring(x)",
        "SELECT id FROM a.b.c",
        "SELECT id FROM",
        "SELECT id FRM a",
        "SELECT id FROM a NATURAL JOIN b",
        "SELECT CASE END",
        "SELEC 1",
        "SELECT 1 SELECT 2",
      })
  void refusesWhatIsNoSql(String sql) {
    assertThatExceptionOfType(SqlSyntaxException.class)
        .isThrownBy(() -> SqlParser.parse(sql))
        .satisfies(e -> assertThat(e.span().end()).isLessThanOrEqualTo(sql.length()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT a COLLATE b; COLLATE",
        "SELECT id FROM a.b.c; .",
        "SELECT 1, 2 -1; -1",
        "SELECT id FRM a; a",
        "SELECT a é; é",
        "SELECT id FROM; SELECT id FROM",
      })
  void pointsAtTheTokenThatDoesNotFit(String sql, String place) {
    SqlSyntaxException e =
        catchThrowableOfType(SqlSyntaxException.class, () -> SqlParser.parse(sql));
    assertThat(e.span().in(sql)).isEqualTo(place);
  }

  @Test
  void leavesParenthesesOutOfSpans() throws SqlSyntaxException {
    String sql = "SELECT (o = b.u) = 1 AS x, upper( y ) z, a IN (SELECT c FROM q) FROM t";
    List<SelectColumn> columns = select(sql).columns();
    assertThat(columns)
        .extracting(column -> column.expression().span().in(sql))
        .containsExactly("o = b.u) = 1", "upper( y )", "a IN (SELECT c FROM q");
    assertThat(columns.get(1).span().in(sql)).isEqualTo("upper( y ) z");
  }

  @Test
  void readsEverythingInFrom() throws SqlSyntaxException {
    String sql =
        "SELECT 1 FROM s.a AS x, json_each(x.j) e LEFT OUTER JOIN b ON b.i = x.i"
            + " JOIN c USING (i, k) CROSS JOIN (SELECT 1, 2) AS q (m, n)";
    List<FromItem> items = select(sql).from();
    assertThat(items)
        .extracting(item -> item.span().in(sql))
        .containsExactly("s.a AS x", "json_each(x.j) e", "b", "c", "(SELECT 1, 2) AS q (m, n)");
    assertThat(items.subList(2, 5))
        .extracting(item -> item.join().orElseThrow().type())
        .containsExactly(Join.Type.LEFT, Join.Type.INNER, Join.Type.CROSS);
    assertThat(items.get(3).join().orElseThrow().using()).hasSize(2);
    FromItem.Subquery subquery = (FromItem.Subquery) items.get(4);
    assertThat(subquery.querySpan().in(sql)).isEqualTo("(SELECT 1, 2)");
    assertThat(subquery.columnNames()).extracting(Identifier::name).containsExactly("m", "n");
  }

  @Test
  void namesClausesToRefuse() throws SqlSyntaxException {
    String sql =
        "SELECT DISTINCT a FROM t WHERE b GROUP BY a HAVING c ORDER BY a DESC NULLS LAST"
            + " LIMIT 1 OFFSET 2 ROWS FOR UPDATE OF t NOWAIT";
    assertThat(select(sql).refused())
        .extracting(RefusedClause::kind)
        .containsExactly(
            Kind.DISTINCT,
            Kind.GROUP_BY,
            Kind.HAVING,
            Kind.ORDER_BY,
            Kind.LIMIT,
            Kind.OFFSET,
            Kind.FOR_UPDATE);
    Expression.Call call =
        (Expression.Call) expression("sum(DISTINCT x ORDER BY y) FILTER (WHERE (z)) OVER w");
    assertThat(call.refused())
        .extracting(RefusedClause::kind)
        .containsExactly(Kind.DISTINCT, Kind.ORDER_BY, Kind.FILTER, Kind.OVER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT 1 UNION ALL SELECT 2; UNION",
        "WITH q AS (SELECT 1) SELECT * FROM q; WITH",
        "DELETE FROM a; DELETE",
        "INSERT INTO a VALUES (1); INSERT",
      })
  void tellsOtherStatementsApart(String sql, String keyword) throws SqlSyntaxException {
    assertThat(SqlParser.parse(sql))
        .containsExactly(new Statement.Other(keyword, new Span(0, sql.length())));
  }

  @Test
  void allowsNoColumnsAndSemicolons() throws SqlSyntaxException {
    assertThat(select("SELECT").columns()).isEmpty();
    assertThat(select("SELECT FROM t;;").from()).hasSize(1);
    assertThat(SqlParser.parse("SELECT 1; SELECT 2")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "NOT ", "- ", "a = (", "f(", "a IN (SELECT ", "CASE WHEN ", "a["})
  void boundsNesting(String opening) {
    assertThatExceptionOfType(SqlSyntaxException.class)
        .isThrownBy(() -> SqlParser.parse("SELECT " + opening.repeat(100_000)));
    assertThatExceptionOfType(SqlSyntaxException.class)
        .isThrownBy(() -> SqlParser.parse("SELECT 1 FROM " + opening.repeat(100_000)));
  }

  @Test
  void boundsTheHeightOfChains() throws SqlSyntaxException {
    assertThat(SqlParser.parse("SELECT a" + " OR a".repeat(900))).hasSize(1);
    assertThatExceptionOfType(SqlSyntaxException.class)
        .isThrownBy(() -> SqlParser.parse("SELECT a" + " OR a".repeat(100_000)));
    assertThatExceptionOfType(SqlSyntaxException.class)
        .isThrownBy(() -> SqlParser.parse("SELECT a" + "::text".repeat(100_000)));
  }

  private static Statement.Select select(String sql) throws SqlSyntaxException {
    return (Statement.Select) SqlParser.parse(sql).get(0);
  }

  private static Expression expression(String sql) throws SqlSyntaxException {
    return select("SELECT " + sql).columns().get(0).expression();
  }
}
