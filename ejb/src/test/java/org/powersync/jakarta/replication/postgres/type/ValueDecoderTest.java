package org.powersync.jakarta.replication.postgres.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class ValueDecoderTest {
  private static final Compatibility LEGACY = Compatibility.ofEdition(1);
  private static final Compatibility MODERN = Compatibility.ofEdition(2);
  private static final TypeRegistry TYPES = new TypeRegistry();

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "0, 0",
    "1023, 1023",
    "1024, 1024",
    "-1, -1"
  })
  void readsIntegersUpToTheirLimits(String text, long expected) {
    assertThat(decode(20, MODERN, text)).isEqualTo(SqlValue.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "1x",
        "1.0",
        "+1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "٣"
      })
  void refusesTextsThatAreNoIntegers(String text) {
    assertMalformed(20, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "\\x1", "\\xzz", "\\000", "\\xéé"})
  void refusesByteaThatIsNotInHexForm(String text) {
    assertMalformed(17, text);
  }

  @Tag("TYP-05")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1900-01-01 00:19:32+00:19:32 | 1900-01-01T00:00:00.000000Z",
        "2023-06-01 14:00:00.5+02 | 2023-06-01T12:00:00.500000Z",
        "2023-12-31 22:30:00.123456-03:30 | 2024-01-01T02:00:00.123456Z",
        "9999-12-31 23:00:00-05 | 10000-01-01T04:00:00.000000Z",
        "0001-01-01 00:00:00+01 | 0000-12-31T23:00:00.000000Z",
      })
  void convertsTimestampsToUtcByTheOffsetInTheText(String text, String expected) {
    assertThat(decode(1184, MODERN, text)).isEqualTo(SqlValue.of(expected));
  }

  @Tag("TYP-05")
  @Test
  void legacyTimestampsKeepTheirDigits() {
    assertThat(decode(1184, LEGACY, "2023-06-01 14:00:00.5+02"))
        .isEqualTo(SqlValue.of("2023-06-01 12:00:00.5Z"));
    assertThat(decode(1184, LEGACY, "2023-06-01 14:00:00+00"))
        .isEqualTo(SqlValue.of("2023-06-01 14:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10000-01-01 00:00:00+00",
        "0044-03-15 12:00:00+00 BC",
        "01.06.2023 14:00:00 CEST",
        "2023-06-01 14:00:00",
        "2023-02-30 14:00:00+01",
        "2023-06-01",
        ""
      })
  void timestampsThatClientsCannotReadAreNull(String text) {
    assertThat(decode(1184, MODERN, text)).isEqualTo(SqlValue.NULL);
    assertThat(decode(1184, LEGACY, text)).isEqualTo(SqlValue.NULL);
  }

  @Tag("TYP-06")
  @Test
  void precisionCutsAndFillsAndIsCappedAtTheSource() {
    String text = "2023-06-01 14:00:00.1239";
    assertThat(decode(1114, precision(0), text)).isEqualTo(SqlValue.of("2023-06-01T14:00:00"));
    assertThat(decode(1114, precision(3), text)).isEqualTo(SqlValue.of("2023-06-01T14:00:00.123"));
    assertThat(decode(1114, precision(9), text))
        .isEqualTo(SqlValue.of("2023-06-01T14:00:00.123900"));
    assertThat(decode(1083, precision(0), "14:00:00.9")).isEqualTo(SqlValue.of("14:00:00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{text,\"}te][xt{\\\"\"} | [\"text\",\"}te][xt{\\\"\"]",
        "{{one,1},{three,NULL}} | [[\"one\",\"1\"],[\"three\",null]]",
        "[0:1]={a,b} | [\"a\",\"b\"]",
        "[0:1]={a=b,c} | [\"a=b\",\"c\"]",
        "[-2:-1][3:3]={{a},{\"\"}} | [[\"a\"],[\"\"]]",
        "{null,\"NULL\",NULL, x y } | [\"null\",\"NULL\",null,\" x y \"]",
      })
  void readsArrays(String text, String expected) {
    assertThat(decode(1009, MODERN, text)).isEqualTo(SqlValue.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "{",
        "}",
        "{a",
        "{\"a}",
        "{a}b",
        "{a\\b}",
        "{\"a\\b\"}",
        "{a\"b}",
        "{a{b}",
        "{a,}",
        "[1:2]{a}",
        "[1:]={a}",
        "{\"a\"b}",
        "{{a}b}"
      })
  void refusesMalformedArrays(String text) {
    assertMalformed(1009, text);
  }

  @Tag("TYP-12")
  @Test
  void boxesAreSplitAtSemicolonsUnlessClientsHoldTheOtherForm() {
    String text = "{(3,4),(1,2);(7,8),(5,6)}";
    assertThat(decode(1020, MODERN, text))
        .isEqualTo(SqlValue.of("[\"(3,4),(1,2)\",\"(7,8),(5,6)\"]"));
    assertThat(decode(1020, LEGACY, text))
        .isEqualTo(SqlValue.of("[\"(3\",\"4)\",\"(1\",\"2);(7\",\"8)\",\"(5\",\"6)\"]"));
  }

  @Tag("TYP-13")
  @Test
  void numbersWithoutAFiniteValueAreNullInArrays() {
    assertThat(decode(1022, MODERN, "{NaN,-Infinity,1}")).isEqualTo(SqlValue.of("[null,null,1.0]"));
  }

  @Tag("TYP-09")
  @Test
  void readsLargeElements() {
    String large = "x".repeat(715_000);
    assertThat(decode(1009, MODERN, "{" + large + "}"))
        .isEqualTo(SqlValue.of("[\"" + large + "\"]"));
  }

  @Test
  void elevenArraysAreTheLimit() {
    assertThat(decode(1007, MODERN, "{".repeat(11) + "1" + "}".repeat(11)))
        .isEqualTo(SqlValue.of("[".repeat(11) + "1" + "]".repeat(11)));
    String tooDeep = "{".repeat(12) + "1" + "}".repeat(12);
    assertThatThrownBy(() -> decode(1007, MODERN, tooDeep))
        .isInstanceOfSatisfying(
            NestingTooDeepException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1004));
  }

  @Test
  void unknownTypesStayAsPrinted() {
    assertThat(decode(99_999, MODERN, "{a,b}")).isEqualTo(SqlValue.of("{a,b}"));
  }

  @Property(tries = 3000)
  void anyTextIsDecodedOrMalformed(@ForAll("oids") long oid, @ForAll("texts") String text) {
    try {
      assertThat(decode(oid, MODERN, text)).isNotNull();
    } catch (PowerSyncException e) {
      assertThat(e.code()).isIn(ErrorCode.PSYNC_S1101, ErrorCode.PSYNC_S1004);
    }
  }

  @Provide
  Arbitrary<Long> oids() {
    return Arbitraries.of(
        16L, 17L, 20L, 25L, 628L, 701L, 1009L, 1020L, 1022L, 1082L, 1083L, 1114L, 1184L, 1185L,
        3220L, 3802L);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("{}[]\",;:\\=-+ .019xNULT/é").ofMaxLength(30);
  }

  private static Compatibility precision(int digits) {
    return new Compatibility(2, true, true, true, true, false, OptionalInt.of(digits));
  }

  private static SqlValue decode(long oid, Compatibility compatibility, String text) {
    ValueDecoder decoder = TYPES.decoder(oid, compatibility, ReadPath.STREAM);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return decoder.decode(utf8, 0, utf8.length);
  }

  private static void assertMalformed(long oid, String text) {
    assertThatThrownBy(() -> decode(oid, MODERN, text))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1101));
  }
}
