package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.rsocket.Acceptor;
import org.powersync.jakarta.sync.rsocket.Payload;

class SocketSessionTest {
  private static final String JSON = "application/json";
  private static final UserTokens TOKENS =
      new UserTokens() {
        @Override
        public boolean mayWait() {
          return false;
        }

        @Override
        public StreamCaller verify(String header) {
          if (header == null || !header.equals("Token good")) {
            throw new PowerSyncException(ErrorCode.PSYNC_S2106, "No token");
          }
          return new StreamCaller("ann", Map.of(), Instant.MAX);
        }
      };

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SocketSession session(String metadataType, String dataType, String metadata) {
    Payload payload =
        new Payload(Optional.ofNullable(metadata).map(SocketSessionTest::bytes), new byte[0]);
    return SocketSession.of(new Acceptor.Introduction(metadataType, dataType, payload), TOKENS);
  }

  private static SocketSession good() {
    return session(JSON, JSON, "{\"token\":\"Token good\",\"user_agent\":\"ua\"}");
  }

  private static void fails(ErrorCode code, Runnable action) {
    assertThatExceptionOfType(PowerSyncException.class)
        .isThrownBy(action::run)
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void theClientIsWhoItsTokenSays() {
    assertThat(good().caller().userId()).isEqualTo("ann");
    assertThat(good().userAgent()).isEqualTo("ua");
  }

  @Test
  void setupIsRefusedWithTheCodeOfItsProblem() {
    fails(ErrorCode.PSYNC_S2004, () -> session("text/plain", JSON, "{}"));
    fails(ErrorCode.PSYNC_S2101, () -> session(JSON, JSON, null));
    fails(ErrorCode.PSYNC_S2101, () -> session(JSON, JSON, "not json"));
    fails(ErrorCode.PSYNC_S2101, () -> session(JSON, JSON, "[]"));
    fails(ErrorCode.PSYNC_S2106, () -> session(JSON, JSON, "{}"));
    fails(ErrorCode.PSYNC_S2106, () -> session(JSON, JSON, "{\"token\":\"\"}"));
    fails(ErrorCode.PSYNC_S2106, () -> session(JSON, JSON, "{\"token\":{}}"));
  }

  @Test
  void requestsNeedTheirPathAndAnObject() {
    Optional<byte[]> route = Optional.of(bytes("{\"path\":\"/sync/stream\"}"));
    assertThat(good().request(route, bytes("{\"client_id\":\"c\"}")))
        .containsEntry("client_id", "c");
    fails(
        ErrorCode.PSYNC_S2002,
        () -> good().request(Optional.of(bytes("{\"path\":\"/\"}")), bytes("{}")));
    fails(ErrorCode.PSYNC_S2001, () -> good().request(Optional.empty(), bytes("{}")));
    fails(ErrorCode.PSYNC_S2001, () -> good().request(Optional.of(bytes("{}")), bytes("{}")));
    fails(ErrorCode.PSYNC_S2001, () -> good().request(route, bytes("")));
    fails(ErrorCode.PSYNC_S2001, () -> good().request(route, bytes("[]")));
    SocketSession otherData = session(JSON, "text/plain", "{\"token\":\"Token good\"}");
    fails(ErrorCode.PSYNC_S2004, () -> otherData.request(route, bytes("{}")));
  }

  @Test
  void errorsAreOneTextWithTheCodeFirst() {
    assertThat(ErrorAnswer.of(new PowerSyncException(ErrorCode.PSYNC_S2106, "No token")).text())
        .isEqualTo("[PSYNC_S2106] No token");
    assertThat(ErrorAnswer.of(new IllegalStateException("secret")).text())
        .startsWith("[PSYNC_S2001] ")
        .contains("\nreference ")
        .doesNotContain("secret");
  }
}
