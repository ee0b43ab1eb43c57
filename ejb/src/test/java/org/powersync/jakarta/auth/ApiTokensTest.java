package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.connection.Secret;

class ApiTokensTest {
  private static ApiTokens tokens(String... texts) {
    return new ApiTokens(Arrays.stream(texts).map(Secret::of).toList());
  }

  private static void assertRefused(ApiTokens tokens, String header) {
    assertThat(tokens.accept(header)).as("%s is accepted", header).isFalse();
  }

  @Test
  void letsBearersOfATokenPass() {
    for (String header : List.of("Token one", "Bearer one", "Token two", "Bearer two")) {
      assertThat(tokens("one", "two").accept(header)).as(header).isTrue();
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
    assertRefused(ApiTokens.NONE, "Token one");
  }
}
