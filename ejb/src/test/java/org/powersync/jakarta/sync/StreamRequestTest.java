package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

class StreamRequestTest {
  private static StreamRequest parse(String json) throws Exception {
    return StreamRequest.of(StreamScenario.members(json));
  }

  @Test
  void whatSdksSendIsUnderstood() throws Exception {
    StreamRequest request =
        parse(
            """
            {"buckets":[{"name":"lists|0[\\"u\\"]","after":"3"}],"include_checksum":true,
             "raw_data":true,"binary_data":true,"client_id":"c1","parameters":{"project":"p1"},
             "streams":{"include_defaults":false,"subscriptions":[
               {"stream":"a","parameters":{"list":1},"override_priority":null},
               {"stream":"b","parameters":null,"override_priority":0}]},
             "app_metadata":{"v":"1.2"}}\
            """);

    assertThat(request.positions())
        .containsExactly(Map.entry(new BucketName("lists|0[\"u\"]"), new OpId(3)));
    assertThat(request.rawData()).isTrue();
    assertThat(request.clientId()).contains("c1");
    assertThat(request.parameters()).containsExactly(Map.entry("project", "p1"));
    assertThat(request.includeDefaults()).isFalse();
    assertThat(request.subscriptions().get(0).parameters()).containsEntry("list", 1.0);
    assertThat(request.subscriptions().get(1).parameters()).isEmpty();
    assertThat(request.subscriptions().get(1).priority()).isEqualTo(OptionalInt.of(0));
    assertThat(request.appMetadata()).containsEntry("v", "1.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"binary_data\":5,\"nonsense\":{}}",
        "{\"buckets\":null,\"parameters\":null,\"streams\":null,\"client_id\":null}",
        "{\"raw_data\":null,\"include_checksum\":null,\"only\":null,\"binary_data\":null}",
        "{\"app_metadata\":null}",
        "{\"app_metadata\":{\"a\":null}}",
        "{\"streams\":{\"include_defaults\":null,\"subscriptions\":[]}}",
        "{\"binary_data\":[{}],\"include_checksum\":false}",
        "{\"only\":[\"x\"]}"
      })
  void everythingIsOptional(String json) throws Exception {
    StreamRequest request = parse(json);

    assertThat(request.positions()).isEmpty();
    assertThat(request.parameters()).isEmpty();
    assertThat(request.includeDefaults()).isTrue();
    assertThat(request.subscriptions()).isEmpty();
    assertThat(request.clientId()).isEmpty();
    assertThat(request.rawData()).isFalse();
  }

  @Tag("sub-missing-member")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"buckets\":5}",
        "{\"buckets\":[{}]}",
        "{\"buckets\":[{\"name\":\"a\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":5}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":\"abc\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":\"+1\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":\"9223372036854775808\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":null}]}",
        "{\"buckets\":[{\"name\":null,\"after\":\"1\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":\"1.0\"}]}",
        "{\"buckets\":[{\"name\":\"a\",\"after\":\" 1\"}]}",
        "{\"buckets\":[\"a\"]}",
        "{\"parameters\":\"x\"}",
        "{\"parameters\":[]}",
        "{\"streams\":{}}",
        "{\"streams\":[]}",
        "{\"streams\":{\"subscriptions\":null}}",
        "{\"streams\":{\"subscriptions\":{}}}",
        "{\"streams\":{\"subscriptions\":[5]}}",
        "{\"streams\":{\"subscriptions\":[{\"parameters\":{},\"override_priority\":null}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":null,\"parameters\":{},"
            + "\"override_priority\":null}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"a\",\"parameters\":{}}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"a\"}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"a\",\"override_priority\":null}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"a\",\"parameters\":[],"
            + "\"override_priority\":null}]}}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"a\",\"parameters\":{},"
            + "\"override_priority\":\"x\"}]}}",
        "{\"streams\":{\"include_defaults\":\"yes\",\"subscriptions\":[]}}",
        "{\"client_id\":5}",
        "{\"raw_data\":\"yes\"}",
        "{\"include_checksum\":1}",
        "{\"only\":\"a\"}",
        "{\"only\":[5]}",
        "{\"only\":[null]}",
        "{\"app_metadata\":[]}",
        "{\"app_metadata\":{\"a\":5}}"
      })
  void aWrongShapeIsRefused(String json) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.httpStatus()).isEqualTo(400);
              assertThat(e.problems()).isNotEmpty();
            });
  }

  /** As recorded in {@code reconnect-position-invalid-text}. */
  @Test
  void positionsBeforeEveryOperationAreTaken() throws Exception {
    assertThat(parse("{\"buckets\":[{\"name\":\"a\",\"after\":\"\"}]}").positions())
        .containsExactly(Map.entry(new BucketName("a"), OpId.ZERO));
    assertThat(parse("{\"buckets\":[{\"name\":\"a\",\"after\":\"-5\"}]}").positions())
        .containsExactly(Map.entry(new BucketName("a"), new OpId(-5)));
  }

  @Test
  void problemsNameTheirPlace() {
    assertThatThrownBy(
            () -> parse("{\"buckets\":[{\"name\":\"a\",\"after\":\"x\"},5],\"client_id\":1}"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "/buckets/1: type must be object",
                        "/buckets/0/after: must be the decimal number of an operation, such as the"
                            + " last next_after",
                        "/client_id: type must be string"));
  }
}
