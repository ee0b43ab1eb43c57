package org.powersync.jakarta.syncconfig.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @Test
  void keepsIntegersApart() throws Exception {
    assertThat(JsonReader.read("[1, -0, 1.0, 1e2, 9223372036854775808]", JsonReader.Numbers.EXACT))
        .isEqualTo(List.of(1L, 0L, 1.0, 100.0, BigInteger.TWO.pow(63)));
    assertThat(JsonReader.read("[1, 9007199254740993]", JsonReader.Numbers.DOUBLES))
        .isEqualTo(List.of(1.0, 9007199254740992.0));
  }

  @Test
  void readsNestedValuesInOrder() throws Exception {
    Object read = JsonReader.read(" {\"b\":[true,false,null],\"a\":{}} ", JsonReader.Numbers.EXACT);
    assertThat(read).isEqualTo(Map.of("b", Arrays.asList(true, false, null), "a", Map.of()));
    assertThat(((Map<?, ?>) read).keySet().toString()).isEqualTo("[b, a]");
  }

  @Test
  void aRepeatedKeyNeedsTheSameValue() throws Exception {
    assertThat(JsonReader.read("{\"a\":[1],\"a\":[1]}", JsonReader.Numbers.EXACT))
        .isEqualTo(Map.of("a", List.of(1L)));
    assertThatThrownBy(() -> JsonReader.read("{\"a\":1,\"a\":1.0}", JsonReader.Numbers.EXACT))
        .isInstanceOf(JsonReader.MalformedJsonException.class);
    assertThat(JsonReader.read("{\"a\":1,\"a\":2}", JsonReader.Numbers.DOUBLES))
        .isEqualTo(Map.of("a", 2.0));
  }

  @Test
  void nestingIsBounded() throws Exception {
    int deep = JsonReader.MAX_DEPTH;
    String fits = "[".repeat(deep) + "]".repeat(deep);
    assertThat(JsonBuffer.textOf(JsonReader.read(fits, JsonReader.Numbers.EXACT))).isEqualTo(fits);
    assertThatThrownBy(() -> JsonReader.read("[" + fits + "]", JsonReader.Numbers.EXACT))
        .isInstanceOf(JsonReader.MalformedJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "[1,]",
        "[1 2]",
        "{a:1}",
        "{\"a\"}",
        "'x'",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a",
        "\"\u0001\"",
        "tru",
        "nul",
        "NaN",
        "[1]x",
        "{\"a\":1,}"
      })
  void refusesWhatIsNoJson(String text) {
    assertThatThrownBy(() -> JsonReader.read(text, JsonReader.Numbers.EXACT))
        .isInstanceOf(JsonReader.MalformedJsonException.class);
  }
}
