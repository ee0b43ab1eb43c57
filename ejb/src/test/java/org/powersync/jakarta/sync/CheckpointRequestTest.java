package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointRequestTest {
  private static CheckpointRequest parse(String id) throws Exception {
    return CheckpointRequest.of(
        StreamScenario.members("{\"client_id\":\"c1\",\"checkpoint_request_id\":" + id + "}"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.0, 1",
    "'\"42\"', 42",
    "'\"007\"', 7",
    "'\"9223372036854775807\"', 9223372036854775807",
    "9007199254740991, 9007199254740991"
  })
  void idsAreDecimalTextsOrSafeIntegers(String id, long expected) throws Exception {
    assertThat(parse(id)).isEqualTo(new CheckpointRequest("c1", expected));
  }

  @Tag("wc-request-validation")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "\"0\"",
        "\"-1\"",
        "\"9223372036854775808\"",
        "\"123456789012345678901234567890123456789\"",
        "9007199254740992",
        "1.5",
        "\"1.5\"",
        "\"4x\"",
        "\"\"",
        "null",
        "true"
      })
  void otherIdsAreRefused(String id) {
    assertThatThrownBy(() -> parse(id)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void bothMembersAreRequired() {
    assertThatThrownBy(
            () -> CheckpointRequest.of(StreamScenario.members("{\"checkpoint_request_id\":1}")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> CheckpointRequest.of(StreamScenario.members("{\"client_id\":\"c1\"}")))
        .isInstanceOf(InvalidRequestException.class);
  }
}
