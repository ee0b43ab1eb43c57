package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionWindowTest {
  @Test
  void liesWithinADay() {
    CompactionWindow window = CompactionWindow.parse("02:00-05:30");
    assertThat(day(window, "2026-03-01T01:59:59Z")).isEmpty();
    assertThat(day(window, "2026-03-01T02:00:00Z")).contains(LocalDate.of(2026, 3, 1));
    assertThat(day(window, "2026-03-01T05:29:59Z")).contains(LocalDate.of(2026, 3, 1));
    assertThat(day(window, "2026-03-01T05:30:00Z")).isEmpty();
  }

  @Test
  void goesPastMidnight() {
    CompactionWindow window = CompactionWindow.parse(" 22:00 - 04:00 ");
    assertThat(day(window, "2026-03-01T03:00:00Z")).contains(LocalDate.of(2026, 2, 28));
    assertThat(day(window, "2026-03-01T12:00:00Z")).isEmpty();
    assertThat(day(window, "2026-03-01T23:00:00Z")).contains(LocalDate.of(2026, 3, 1));
    assertThat(window.at(Instant.parse("2026-03-01T23:00:00Z")).orElseThrow().end())
        .isEqualTo(Instant.parse("2026-03-02T04:00:00Z"));
  }

  @Test
  void equalEndsMeanTheWholeDay() {
    CompactionWindow window = CompactionWindow.parse("03:00-03:00");
    assertThat(day(window, "2026-03-01T02:59:00Z")).contains(LocalDate.of(2026, 2, 28));
    assertThat(day(window, "2026-03-01T03:00:00Z")).contains(LocalDate.of(2026, 3, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2-5", "02:00", "02:00-25:00", "02:00-03:00-04:00", "night"})
  void saysWhatAWindowLooksLike(String text) {
    assertThatThrownBy(() -> CompactionWindow.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("02:00-05:30");
  }

  @Test
  void aWindowThatCannotBeReadIsOff() {
    assertThat(MaintenanceSettingsProducer.window("at night")).isEmpty();
    assertThat(MaintenanceSettingsProducer.window(null)).isEmpty();
    assertThat(MaintenanceSettingsProducer.window("01:00-02:00")).isPresent();
  }

  private static Optional<LocalDate> day(CompactionWindow window, String moment) {
    return window.at(Instant.parse(moment)).map(CompactionWindow.Occurrence::day);
  }
}
