package org.powersync.jakarta.replication.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

class FailureJudgeTest {
  private static Duration delay(Throwable failure) {
    return FailureJudge.judge(new IllegalStateException("wrapped", failure)).delay();
  }

  @Test
  void waitsAsTheFailureDemands() {
    assertThat(delay(new SQLException("FATAL: password authentication failed for user \"u\"")))
        .isEqualTo(FailureJudge.WRONG_PASSWORD);
    assertThat(delay(new UnknownHostException("h"))).isEqualTo(FailureJudge.NAME_NOT_FOUND);
    assertThat(delay(new ConnectException("refused"))).isEqualTo(FailureJudge.NOT_UP);
    assertThat(delay(new SQLException("starting up", "57P03"))).isEqualTo(FailureJudge.NOT_UP);
    assertThat(delay(new SQLException("terminating connection", "57P01")))
        .isEqualTo(FailureJudge.CUT);
    assertThat(delay(new EOFException())).isEqualTo(FailureJudge.CUT);
    assertThat(delay(new PowerSyncException(ErrorCode.PSYNC_S1121, "dead")))
        .isEqualTo(FailureJudge.CUT);
    assertThat(delay(new SQLException("disk full", "53100"))).isEqualTo(FailureJudge.OTHER);
    assertThat(delay(SlotLostException.missing("s"))).isEqualTo(FailureJudge.SLOT_LOST);
  }

  @Test
  void recognisesUnusableSlots() {
    for (String message :
        new String[] {
          "ERROR: replication slot \"powersync_1_0f3a\" does not exist",
          "ERROR: publication \"powersync\" does not exist",
          "ERROR: can no longer access replication slot \"x\"",
          "ERROR: can no longer get changes from replication slot \"x\"",
          "ERROR: cannot read from logical replication slot \"x\"",
          "could not read: record with incorrect prev-link 0/1"
        }) {
      assertThat(FailureJudge.slotUnusable(new SQLException(message))).as(message).isTrue();
    }
    assertThat(FailureJudge.slotUnusable(new SQLException("slot is active for PID 1"))).isFalse();
  }
}
