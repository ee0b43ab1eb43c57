package org.powersync.jakarta.storage.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.postgres.format.CheckpointNotice;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** A stream that is behind the one that serves waits, but not for ever. */
class ActivationIT {
  private static final GroupId SECOND = new GroupId(2);

  @Test
  void aStreamThatIsBehindServesWhenItHasWaitedLongEnough() throws Exception {
    try (WriterDatabase db = new WriterDatabase(2)) {
      db.deploy(SECOND.value());
      db.database()
          .execute(
              "UPDATE powersync.sync_rules SET snapshot_done = true",
              "UPDATE powersync.sync_rules SET state = 'ACTIVE', last_checkpoint = 9,"
                  + " last_checkpoint_lsn = '00000000/00000009' WHERE id = 1");
      Activation activation =
          new Activation(new SqlTransactions(db.database().dataSource()), SECOND, Duration.ZERO);
      CheckpointNotice behind =
          new CheckpointNotice(
              SECOND, OptionalLong.of(7), Optional.of(new Lsn("00000000/00000008")));
      assertThat(activation.activate(behind)).isFalse();
      assertThat(states(db)).isEqualTo("1 ACTIVE, 2 PROCESSING");
      assertThat(activation.activate(behind)).isTrue();
      assertThat(states(db)).isEqualTo("1 STOP, 2 ACTIVE");
    }
  }

  private static String states(WriterDatabase db) {
    return db.database()
        .query("SELECT string_agg(id || ' ' || state, ', ' ORDER BY id) FROM powersync.sync_rules")
        .get(0);
  }
}
