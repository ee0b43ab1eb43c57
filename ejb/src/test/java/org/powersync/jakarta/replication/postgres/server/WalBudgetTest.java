package org.powersync.jakarta.replication.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** LIF-20 and section 1.14. */
@Tag("LIF-20")
class WalBudgetTest {
  private static final double GIB = 1L << 30;

  @Test
  void printsDurations() {
    assertThat(WalBudget.duration(0.5)).isEqualTo("30 minutes");
    assertThat(WalBudget.duration(1)).isEqualTo("1.0 hours");
    assertThat(WalBudget.duration(5.5)).isEqualTo("5.5 hours");
    assertThat(WalBudget.duration(24)).isEqualTo("1.0 days");
    assertThat(WalBudget.duration(48)).isEqualTo("2.0 days");
  }

  @Test
  void printsSizes() {
    assertThat(WalBudget.size(8 * GIB)).isEqualTo("8.0GB");
    assertThat(WalBudget.size(1.2 * GIB)).isEqualTo("1.2GB");
    assertThat(WalBudget.size(1536)).isEqualTo("1.5KB");
    assertThat(WalBudget.size(512)).isEqualTo("512B");
  }

  @Test
  void readsTheSettingInItsUnit() {
    assertThat(WalBudget.bytes(100, "MB")).hasValue(100L << 20);
    assertThat(WalBudget.bytes(100, null)).hasValue(100L << 20);
    assertThat(WalBudget.bytes(4, "kB")).hasValue(4096);
    assertThat(WalBudget.bytes(2, "8kB")).hasValue(16384);
    assertThat(WalBudget.bytes(-1, "MB")).isEmpty();
  }
}
