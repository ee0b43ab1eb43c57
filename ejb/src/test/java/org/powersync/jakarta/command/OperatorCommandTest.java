package org.powersync.jakarta.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.CompactCommand;
import org.powersync.jakarta.syncconfig.BucketName;

/** Commands as operators write them (configuration section 12). */
class OperatorCommandTest {
  @Test
  void readsCommandsOfOneLine() {
    assertThat(OperatorCommand.parse("migrate up")).isEqualTo(new OperatorCommand.MigrateUp());
    assertThat(OperatorCommand.parse(" test-connection "))
        .isEqualTo(new OperatorCommand.TestConnection());
    assertThat(OperatorCommand.parse("migrate down")).isEqualTo(new OperatorCommand.MigrateDown());
    assertThat(OperatorCommand.parse("preflight")).isEqualTo(new OperatorCommand.Preflight());
    assertThat(OperatorCommand.parse("compact --incremental-only"))
        .isEqualTo(new OperatorCommand.Compact(new CompactCommand(Optional.empty(), true, true)));
  }

  @Test
  void readsArgumentsWithBlanksFromLines() {
    assertThat(OperatorCommand.parse("compact\n-b\n1#a[\"x y\"]"))
        .isEqualTo(
            new OperatorCommand.Compact(
                new CompactCommand(
                    Optional.of(List.of(new BucketName("1#a[\"x y\"]"))), false, false)));
  }

  @Test
  void tearDownNeedsItsWord() {
    assertThat(OperatorCommand.parse("teardown TEARDOWN"))
        .isEqualTo(new OperatorCommand.TearDown());
    assertThatThrownBy(() -> OperatorCommand.parse("teardown"))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S0102));
  }

  @Test
  void saysTheRightUsage() {
    for (String wrong :
        List.of("migrate", "migrate sideways", "preflight now", "compact -x", "stop")) {
      assertThatThrownBy(() -> OperatorCommand.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
