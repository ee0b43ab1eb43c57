package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.auth.VerifiedToken;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.StreamCaller;

class JwtUserTokensTest {
  private static final Instant EXPIRES = Instant.parse("2026-11-25T12:00:00Z");

  private static String userId(Object subject) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", subject);
    return JwtUserTokens.caller(new VerifiedToken(claims, EXPIRES)).userId();
  }

  @Test
  void writesSubjectsOfEveryKindAsText() {
    assertThat(userId("user-1")).isEqualTo("user-1");
    assertThat(userId("")).isEmpty();
    assertThat(userId(5.0)).isEqualTo("5");
    assertThat(userId(1.5)).isEqualTo("1.5");
    assertThat(userId(true)).isEqualTo("1");
    assertThat(userId(false)).isEqualTo("0");
    assertThat(userId(null)).isEqualTo("null");
    assertThat(userId(Arrays.asList(1.0, "a"))).isEqualTo("[1.0,\"a\"]");
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", 1.0);
    object.put("name", "x");
    assertThat(userId(object)).isEqualTo("{\"id\":1.0,\"name\":\"x\"}");
  }

  /** PostgreSQL stores no such text, and asks about all users in one statement. */
  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\ud800", "\udc00\ud800"})
  void refusesSubjectsThatAreNoText(String subject) {
    assertThatThrownBy(() -> userId(subject))
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2101));
  }

  @Test
  void keepsTheClaimsAndTheEndOfTheToken() {
    StreamCaller caller =
        JwtUserTokens.caller(new VerifiedToken(Map.of("sub", "a", "role", "x"), EXPIRES));
    assertThat(caller.token()).containsEntry("role", "x");
    assertThat(caller.expires()).isEqualTo(EXPIRES);
  }
}
