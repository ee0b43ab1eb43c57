package org.powersync.jakarta.replication.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

class SourceIdentityTest {
  private static final String HISTORY =
      "1\t0/3000148\tno recovery target specified\n\n2\t1/A0\tbefore 2026-01-01 00:00:00+00\n";

  @Test
  void knowsWhereATimelineWasLeft() {
    assertThat(SourceIdentity.leftAt(HISTORY, 1)).contains(PgLsn.parse("0/3000148"));
    assertThat(SourceIdentity.leftAt(HISTORY, 2)).contains(PgLsn.parse("1/A0"));
    assertThat(SourceIdentity.leftAt(HISTORY, 3)).isEmpty();
  }
}
