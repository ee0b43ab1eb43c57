package org.powersync.jakarta.replication.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.server.SlotLostException.Phase;
import org.powersync.jakarta.replication.postgres.server.SlotLostException.Status;

/** The table of section 1.6, and LIF-10. */
@Tag("LIF-10")
class SlotDecisionTest {
  private static final String NAME = "powersync_1_0f3a";

  private static ReplicationSlot slot(String walStatus, String reason) {
    return new ReplicationSlot(
        NAME,
        "pgoutput",
        true,
        false,
        Optional.ofNullable(walStatus),
        Optional.ofNullable(reason),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static SlotLostException lost(Optional<ReplicationSlot> slot, boolean snapshotDone) {
    return catchThrowableOfType(
        SlotLostException.class, () -> SlotDecision.of(NAME, slot, snapshotDone));
  }

  @Test
  void createsAbsentSlotsBeforeTheCopyOnly() {
    assertThat(SlotDecision.of(NAME, Optional.empty(), false)).isEqualTo(SlotDecision.CREATE);
    SlotLostException missing = lost(Optional.empty(), true);
    assertThat(missing.status()).isEqualTo(Status.MISSING);
    assertThat(missing.phase()).isEqualTo(Phase.STREAMING);
    assertThat(missing.getMessage()).doesNotContain("S1146");
    assertThat(missing.restart()).isTrue();
  }

  @Test
  void usesSlotsOfEveryOtherStatus() {
    for (String status : new String[] {"reserved", "extended", "unreserved", null}) {
      Optional<ReplicationSlot> slot = Optional.of(slot(status, null));
      assertThat(SlotDecision.of(NAME, slot, false)).isEqualTo(SlotDecision.RESUME_SNAPSHOT);
      assertThat(SlotDecision.of(NAME, slot, true)).isEqualTo(SlotDecision.STREAM);
    }
  }

  @Test
  void reportsLostSlots() {
    SlotLostException copying = lost(Optional.of(slot("lost", null)), false);
    assertThat(copying.getMessage()).contains("[PSYNC_S1146]", "max_slot_wal_keep_size");
    assertThat(copying.phase()).isEqualTo(Phase.SNAPSHOT);
    assertThat(copying.restart()).isFalse();
    assertThat(lost(Optional.of(slot("lost", "idle_timeout")), false).restart()).isFalse();
    assertThat(lost(Optional.of(slot("lost", "idle_timeout")), false).getMessage())
        .contains("idle_replication_slot_timeout");
    assertThat(lost(Optional.of(slot("lost", "rows_removed")), false).restart()).isTrue();
    assertThat(lost(Optional.of(slot("lost", null)), true).restart()).isTrue();
    assertThat(SlotLostException.vanished(NAME, Phase.SNAPSHOT).restart()).isTrue();
  }

  @Test
  void refusesSlotsOfOthers() {
    ReplicationSlot foreign =
        new ReplicationSlot(
            NAME,
            "test_decoding",
            true,
            false,
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty());
    assertThatThrownBy(() -> SlotDecision.of(NAME, Optional.of(foreign), true))
        .hasMessageContaining("test_decoding");
  }
}
