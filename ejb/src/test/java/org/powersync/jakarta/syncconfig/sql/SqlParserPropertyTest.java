package org.powersync.jakarta.syncconfig.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

class SqlParserPropertyTest {

  @Property(tries = 2000)
  void anyTextParsesOrIsRefused(@ForAll String text) {
    parse(text);
  }

  @Property(tries = 5000)
  void anyMixOfTokensParsesOrIsRefused(@ForAll("mixes") String sql) {
    parse(sql);
  }

  @Property(tries = 100)
  void repetitionTakesLinearTime(@ForAll("words") String word) {
    String sql = "SELECT " + word.repeat(20_000);
    Assertions.assertTimeout(Duration.ofSeconds(2), () -> parse(sql));
  }

  private static void parse(String sql) {
    try {
      assertThat(SqlParser.parse(sql)).isNotEmpty();
    } catch (SqlSyntaxException e) {
      assertThat(e.getMessage()).isNotBlank();
      assertThat(e.span().end()).isLessThanOrEqualTo(sql.length());
    }
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
        "SELECT ",
        "FROM ",
        "WHERE ",
        "a ",
        "b.c ",
        "'x' ",
        "1 ",
        "-1 ",
        ", ",
        "( ",
        ") ",
        "= ",
        "NOT ",
        "IN ",
        "AND ",
        "OR ",
        "IS NULL ",
        "BETWEEN ",
        "CASE WHEN ",
        "THEN ",
        "ELSE ",
        "END ",
        "-> 'k' ",
        "::text ",
        "f( ",
        "* ",
        "+ ",
        "JOIN ",
        "ON ",
        "USING ",
        "AS ",
        "; ",
        "UNION ",
        "WITH q AS ( ",
        "VALUES ",
        "ORDER BY ",
        "LIMIT ",
        "FOR ",
        "/* ",
        "*/ ",
        "\"q\" ",
        "ARRAY[ ",
        "] ",
        "ROW( ",
        "OVER ",
        "FILTER ",
        "E'\\n' ",
        "$1 ");
  }

  @Provide
  Arbitrary<String> mixes() {
    return words().list().ofMaxSize(40).map(words -> "SELECT " + String.join("", words));
  }
}
