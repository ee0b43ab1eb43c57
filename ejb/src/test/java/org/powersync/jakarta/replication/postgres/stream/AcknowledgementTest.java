package org.powersync.jakarta.replication.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

class AcknowledgementTest {
  private final List<PgLsn> reported = new ArrayList<>();
  private final Acknowledgement acknowledgement = new Acknowledgement(reported::add);

  @Test
  void neverGoesBackAndIsNeverZero() {
    acknowledgement.advance(PgLsn.ZERO);
    acknowledgement.advance(PgLsn.parse("0/20"));
    acknowledgement.advance(PgLsn.parse("0/10"));
    acknowledgement.advance(PgLsn.parse("0/20"));
    acknowledgement.advance(PgLsn.parse("FFFFFFFF/0"));
    assertThat(reported).containsExactly(PgLsn.parse("0/20"), PgLsn.parse("FFFFFFFF/0"));
    assertThat(acknowledgement.confirmed()).isEqualTo(PgLsn.parse("FFFFFFFF/0"));
  }
}
