package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.CheckpointRequest;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.sync.StreamRequest;

/** Whatever a client sends, it is understood or refused with a 4xx, quickly and within bounds. */
@Timeout(60)
class HostileRequestsTest {
  private static final String GOOD =
      "{\"buckets\":[{\"name\":\"1#a[\\\"x\\\"]\",\"after\":\"12\"}],\"include_checksum\":true,"
          + "\"raw_data\":true,\"binary_data\":true,\"client_id\":\"c\",\"parameters\":{\"p\":[1,2]},"
          + "\"only\":[\"a\"],\"checkpoint_request_id\":\"5\",\"app_metadata\":{\"v\":\"1\"},"
          + "\"streams\":{\"include_defaults\":true,\"subscriptions\":[{\"stream\":\"s\","
          + "\"parameters\":{\"x\":null},\"override_priority\":2}]}}";

  private static Map<String, Object> parameters(byte[] body) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    RequestParameters.overlayBody(parameters, "application/json", body);
    return parameters;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes a body through all that happens before a token is looked at; true when understood. */
  private static boolean understood(byte[] body) {
    try {
      Map<String, Object> parameters = parameters(body);
      StreamRequest.of(parameters);
      CheckpointRequest.of(parameters);
      return true;
    } catch (PowerSyncException e) {
      ErrorAnswer answer = ErrorAnswer.of(e);
      assertThat(answer.status()).isBetween(400, 499);
      assertThat(answer.error()).containsKeys("code", "description");
      assertThat(answer.error().get("code").toString()).startsWith("PSYNC_");
      assertThat(answer.error().toString()).doesNotContain("\tat ");
      return false;
    }
  }

  @Test
  void damagedBodies() {
    assertThat(understood(bytes(GOOD))).isTrue();
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = bytes(GOOD);
      int changes = 1 + random.nextInt(4);
      for (int c = 0; c < changes; c++) {
        int at = random.nextInt(body.length);
        switch (random.nextInt(4)) {
          case 0 -> body[at] = (byte) random.nextInt(256);
          case 1 -> body[at] = (byte) "{}[]\",:0-".charAt(random.nextInt(9));
          case 2 -> body = Arrays.copyOf(body, at + 1);
          default -> {
            int from = random.nextInt(body.length);
            int length = Math.min(random.nextInt(20), body.length - Math.max(at, from));
            System.arraycopy(body, from, body, at, length);
          }
        }
      }
      refused += understood(body) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(5000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"buckets\":[{\"name\":\"a\",\"after\":\"DIGITS\"}]}",
        "{\"client_id\":\"c\",\"checkpoint_request_id\":\"DIGITS\"}",
        "{\"client_id\":\"c\",\"checkpoint_request_id\":\"-DIGITS\"}",
        "{\"client_id\":\"c\",\"checkpoint_request_id\":DIGITS}",
        "{\"streams\":{\"subscriptions\":[{\"stream\":\"s\",\"parameters\":null,"
            + "\"override_priority\":1e400}]},\"raw_data\":1e999999999}",
        "{\"client_id\":\"DIGITS\",\"checkpoint_request_id\":\"1\"}",
        "{\"client_id\":\"a\\u0000b\",\"checkpoint_request_id\":\"1\"}",
        "{\"client_id\":\"\\ud800\",\"checkpoint_request_id\":\"1\"}"
      })
  void numbersAndTextsBeyondAllBounds(String body) {
    assertThat(understood(bytes(body.replace("DIGITS", "7".repeat(900_000))))).isFalse();
  }

  @Test
  void leadingZerosAreOnlyZeros() {
    String zeros = "0".repeat(900_000);
    assertThat(
            understood(
                bytes("{\"client_id\":\"c\",\"checkpoint_request_id\":\"" + zeros + "17\"}")))
        .isTrue();
    assertThat(
            StreamRequest.of(
                    parameters(
                        bytes("{\"buckets\":[{\"name\":\"a\",\"after\":\"" + zeros + "17\"}]}")))
                .positions()
                .values()
                .iterator()
                .next()
                .value())
        .isEqualTo(17);
  }

  @Test
  void deepAndWideBodies() {
    assertThat(understood(bytes("[".repeat(500_000)))).isFalse();
    assertThat(understood(bytes("{\"parameters\":" + "{\"a\":".repeat(100_000)))).isFalse();
    assertThat(understood(bytes("{\"parameters\":{\"a\":[" + "[1],".repeat(2_000_000) + "1]}}")))
        .isFalse();
  }

  @Test
  void aBodyOfSixteenMegabytesIsUnderstood() throws IOException {
    String bucket = "{\"name\":\"1#bucket[\\\"x\\\"]\",\"after\":\"12345\"},";
    byte[] body =
        bytes("{\"buckets\":[" + bucket.repeat(330_000) + "{\"name\":\"x\",\"after\":\"1\"}]}");
    assertThat(body.length).isGreaterThan(13 << 20);
    assertThat(StreamRequest.of(parameters(body)).positions()).hasSize(2);
  }

  @Test
  void queryStringsOfAnyShape() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder query = new StringBuilder();
      int length = random.nextInt(30);
      for (int c = 0; c < length; c++) {
        query.append("client_id=&%+\u0000żz;%2".charAt(random.nextInt(19)));
      }
      try {
        RequestMembers members = new RequestMembers(RequestParameters.ofQuery(query.toString()));
        members.clientId();
        members.check();
      } catch (PowerSyncException e) {
        assertThat(e.httpStatus()).isEqualTo(400);
      }
    }
  }

  @Test
  void headersOfAnyShape() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder header = new StringBuilder();
      int length = random.nextInt(40);
      for (int c = 0; c < length; c++) {
        header.append("application/x-ndjson;q=,*.019 \"gzip".charAt(random.nextInt(35)));
      }
      assertThat(AcceptFormat.choose(header.toString())).startsWith("application/");
      assertThat(List.of("identity", "gzip", "zstd"))
          .contains(AcceptEncoding.choose(header.toString(), BodyCoding.available()));
    }
    assertThat(AcceptFormat.choose(",;,".repeat(100_000))).isEqualTo("application/x-ndjson");
  }
}
