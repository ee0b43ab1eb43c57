package org.powersync.jakarta.storage.postgres.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollIntervalTest {
  @Test
  void takesMilliseconds() {
    assertThat(PollInterval.of(" 250 ")).isEqualTo(Duration.ofMillis(250));
    assertThat(PollInterval.of("50")).isEqualTo(Duration.ofMillis(50));
    assertThat(PollInterval.of("60000")).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "49", "60001", "-1", "1s", "99999999999999999999"})
  void keepsToTheUsualOneOtherwise(String text) {
    assertThat(PollInterval.of(text)).isEqualTo(PollInterval.USUAL);
  }
}
