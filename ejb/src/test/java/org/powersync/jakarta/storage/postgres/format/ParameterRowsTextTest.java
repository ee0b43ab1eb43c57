package org.powersync.jakarta.storage.postgres.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class ParameterRowsTextTest {
  @Test
  void digitsAreIntegersOfAnySizeAndEverythingElseIsReal() {
    List<OutputRow> rows =
        ParameterRowsText.parse(
            "[{\"a\":5,\"b\":5.0,\"c\":12345678901234567890,\"d\":-9223372036854775808,"
                + "\"e\":1e+21,\"f\":-0}]");

    assertThat(rows)
        .containsExactly(
            new OutputRow(
                List.of("a", "b", "c", "d", "e", "f"),
                List.of(
                    SqlValue.of(5),
                    SqlValue.of(5.0),
                    SqlValue.of(new BigInteger("12345678901234567890")),
                    SqlValue.of(Long.MIN_VALUE),
                    SqlValue.of(1e21),
                    SqlValue.of(0))));
  }

  @Test
  void textsNullsAndNestedJsonComeBack() {
    List<OutputRow> rows =
        ParameterRowsText.parse("[{\"s\":\"q\\\"\\u0001😀\",\"n\":null},{\"j\":[true,{\"k\":1}]}]");

    assertThat(rows.get(0).values()).containsExactly(SqlValue.of("q\"\u0001😀"), SqlValue.NULL);
    assertThat(rows.get(1).values())
        .containsExactly(new SqlValue.RawJson(List.of(true, Map.of("k", 1))));
    assertThat(ParameterRowsText.parse(ParameterRowsText.TOMBSTONE)).isEmpty();
  }

  @Test
  void whatIsNoArrayOfObjectsIsRefused() {
    for (String text : List.of("", "{}", "[1]", "[{\"a\":1", "null", "[[]]")) {
      assertThatThrownBy(() -> ParameterRowsText.parse(text))
          .as(text)
          .hasMessageContaining("PSYNC_S0001");
    }
  }
}
