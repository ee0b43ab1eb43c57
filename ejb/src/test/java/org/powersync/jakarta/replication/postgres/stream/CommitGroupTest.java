package org.powersync.jakarta.replication.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

class CommitGroupTest {
  private final CommitGroup group = new CommitGroup();

  @Test
  void closesAtOnceWhenNothingWaits() {
    group.add(100, 0);
    group.transactionEnded(PgLsn.parse("0/1"));
    assertThat(group.due(0, 1)).isTrue();
  }

  @Test
  void goesOnWhileTransactionsWaitWithinItsBounds() {
    group.add(100, 0);
    group.transactionEnded(PgLsn.parse("0/1"));
    assertThat(group.due(3, 1)).isFalse();
    assertThat(group.due(3, CommitGroup.MAX_AGE.toNanos())).isTrue();
    group.add((int) CommitGroup.MAX_BYTES, 2);
    assertThat(group.due(3, 3)).isTrue();
  }

  @Test
  void beginsAnewAfterItsCommit() {
    group.add(100, 0);
    group.mark();
    group.transactionEnded(PgLsn.parse("0/1"));
    group.reset();
    assertThat(group.open()).isFalse();
    assertThat(group.marked()).isFalse();
    group.add(1, CommitGroup.MAX_AGE.toNanos());
    assertThat(group.due(1, CommitGroup.MAX_AGE.toNanos() + 1)).isFalse();
  }
}
