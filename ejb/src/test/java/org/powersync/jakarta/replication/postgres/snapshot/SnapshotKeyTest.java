package org.powersync.jakarta.replication.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class SnapshotKeyTest {
  private static final SourceColumn ID = new SourceColumn("id", 20, "bigint", true);
  private static final SourceColumn NAME = new SourceColumn("k.1", 25, "text", true);

  @Test
  void isStoredAsTheReferenceStoresIt() {
    assertThat(HexFormat.of().formatHex(SnapshotKey.of(ID, SqlValue.of(5)).toBson()))
        .isEqualTo("1100000012696400050000000000000000");
  }

  @Test
  void comesBackAsText() {
    byte[] number = SnapshotKey.of(ID, SqlValue.of(-7)).toBson();
    assertThat(SnapshotKey.fromBson(ID, number).text()).isEqualTo("-7");
    byte[] text = SnapshotKey.of(NAME, SqlValue.of("it's")).toBson();
    assertThat(SnapshotKey.fromBson(NAME, text).text()).isEqualTo("it's");
  }

  @Test
  void refusesTheKeyOfAnotherColumn() {
    byte[] stored = SnapshotKey.of(ID, SqlValue.of(5)).toBson();
    assertThatThrownBy(() -> SnapshotKey.fromBson(NAME, stored))
        .hasMessageContaining("PSYNC_S1101");
  }
}
