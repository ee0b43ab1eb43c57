package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

class ApiTokensTest {
  private static ApiTokens tokens(String... texts) {
    return new ApiTokens(Arrays.stream(texts).map(Secret::of).toList());
  }

  private static void assertRefused(ApiTokens tokens, String header) {
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> tokens.check(header));
    assertThat(refusal).as("%s is refused", header).isNotNull();
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2101);
    assertThat(refusal.httpStatus()).isEqualTo(401);
  }

  @Test
  void letsBearersOfATokenPass() {
    for (String header : List.of("Token one", "Bearer one", "Token two", "Bearer two")) {
      assertThatCode(() -> tokens("one", "two").check(header)).doesNotThrowAnyException();
    }
  }

  @Test
  void refusesEveryoneElse() {
    for (String header :
        new String[] {
          null,
          "",
          "one",
          "Token ",
          "Token on",
          "Token onee",
          "Token one ",
          "token one",
          "Basic one"
        }) {
      assertRefused(tokens("one", "two"), header);
    }
  }

  @Tag("auth-api-token")
  @Test
  void isClosedWithoutTokens() {
    assertRefused(tokens(), "Token one");
    assertRefused(tokens(), "Token ");
    assertRefused(tokens(""), "Token ");
    assertRefused(tokens(""), null);
  }
}
