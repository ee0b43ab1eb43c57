package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class RowIdentityTest {
  private static final SourceRow ROW =
      SourceRow.of(
          List.of("id", "description", "ts"),
          List.of(
              SqlValue.of("a9798b07-84de-4297-9a8e-aafb4dd0282f"),
              SqlValue.of("test1"),
              SqlValue.of("2025-01-01 00:00:00Z")));

  @Test
  void theWorkedExampleOfTheSpecification() {
    List<String> all = List.of("id", "description", "ts");
    UUID expected = UUID.fromString("c7b3f1a3-ec4d-5d44-b295-c7f2a32bb056");
    assertThat(RowIdentity.of(ROW, all)).isEqualTo(expected);
    assertThat(RowIdentity.forColumns(ROW.layout(), all).of(ROW)).isEqualTo(expected);
  }

  @Test
  void numericNamesComeFirst() {
    SourceRow row =
        SourceRow.of(
            List.of("2", "x", "1"), List.of(SqlValue.of("b"), SqlValue.NULL, SqlValue.of("a")));
    UUID expected = UUID.fromString("c3f998ce-7974-55fa-8c5f-b8f2230349b4");
    assertThat(RowIdentity.of(row, List.of("2", "1"))).isEqualTo(expected);
    assertThat(RowIdentity.forColumns(row.layout(), List.of("2", "1")).of(row)).isEqualTo(expected);
  }

  @Test
  void absentColumnsAreLeftOut() {
    SourceRow row = SourceRow.of(List.of("a", "b"), List.of(SqlValue.ABSENT, SqlValue.of("x")));
    assertThat(RowIdentity.of(row, List.of("a", "b")))
        .isEqualTo(UUID.fromString("6b3605b1-7915-5ca7-ac01-d99c47f2c6d5"));
  }

  @Test
  void rowsWithoutIdentityColumnsAreAllDifferent() {
    RowIdentity none = RowIdentity.forColumns(ROW.layout(), List.of());
    assertThat(none.of(ROW)).isNotEqualTo(none.of(ROW));
    assertThat(none.of(ROW).version()).isEqualTo(4);
    assertThat(RowIdentity.of(ROW, List.of()).version()).isEqualTo(4);
  }

  @Test
  void identityColumnsMustExist() {
    assertThatThrownBy(() -> RowIdentity.forColumns(new ColumnLayout(List.of("a")), List.of("b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("b");
  }
}
