package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.PowerSyncException;

class RequestParametersTest {
  private static Map<String, Object> decode(String query, String contentType, String body) {
    Map<String, Object> parameters = RequestParameters.ofQuery(query);
    RequestParameters.overlayBody(parameters, contentType, body.getBytes(StandardCharsets.UTF_8));
    return parameters;
  }

  private static void assertRefused(int status, Runnable decoding) {
    assertThatThrownBy(decoding::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.httpStatus()).isEqualTo(status));
  }

  @Test
  void membersOfTheBodyOverlayTheQuery() {
    assertThat(
            decode(
                "client_id=q&x=1&empty=&plus=a+b&utf=%C3%A9",
                "application/json; charset=utf-8",
                "{\"client_id\":\"b\",\"n\":[1,2.5,null,true,{\"a\":\"é\"}]}"))
        .isEqualTo(
            new LinkedHashMap<>(
                Map.of(
                    "client_id",
                    "b",
                    "x",
                    "1",
                    "empty",
                    "",
                    "plus",
                    "a b",
                    "utf",
                    "é",
                    "n",
                    java.util.Arrays.asList(1.0, 2.5, null, true, Map.of("a", "é")))));
  }

  @Test
  void aParameterGivenTwiceIsAList() {
    assertThat(RequestParameters.ofQuery("a=1&a=2&a=3")).containsEntry("a", List.of("1", "2", "3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "null", "\"text\"", "5"})
  void jsonThatIsNoObjectCountsAsEmpty(String body) {
    assertThat(decode("a=1", "application/json", body)).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void plainTextIsIgnoredAndNoBodyNeedsNoType() {
    assertThat(decode(null, "text/plain;charset=UTF-8", "whatever")).isEmpty();
    assertThat(decode(null, null, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{ not json", "{}{}", "{\"a\":}", "\ufeff"})
  void malformedJsonIsRefused(String body) {
    assertRefused(400, () -> decode(null, "application/json", body));
  }

  @ParameterizedTest
  @CsvSource({"application/xml, <a/>", "application/x-www-form-urlencoded, a=1"})
  void otherMediaTypesAreRefused(String contentType, String body) {
    assertRefused(415, () -> decode(null, contentType, body));
  }

  @Test
  void aBodyWithoutTypeIsRefused() {
    assertRefused(415, () -> decode(null, null, "{}"));
  }

  @Test
  void aBrokenPercentEncodingIsRefused() {
    assertRefused(400, () -> RequestParameters.ofQuery("a=%zz"));
  }

  @Test
  void ofMembersGivenTwiceTheLastCounts() {
    assertThat(decode(null, "application/json", "{\"a\":1,\"b\":2,\"a\":3}"))
        .containsEntry("a", 3.0);
  }
}
