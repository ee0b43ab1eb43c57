package org.powersync.jakarta.storage.postgres.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;

/** Two nodes and one stream: what the one that lost the lock had in hand is never written. */
class LostLockIT {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final StreamLease.Times QUICK =
      new StreamLease.Times(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofMillis(100));
  private static final SourceTable TEST = WriterDatabase.dataTable("test");

  @Test
  void aNodeThatCouldNotRenewItsLockWritesNothingAfterTheOtherTookOver() throws Exception {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    try (WriterDatabase database = new WriterDatabase(2)) {
      database.snapshotsDone("0");
      RowConfig config = RowConfig.global(2);
      PGSimpleDataSource cutOff = database.database().dataSource();
      LockTable first = new LockTable(new SqlTransactions(cutOff));
      LockTable second = new LockTable(new SqlTransactions(database.database().dataSource()));
      StreamLock lost = StreamLease.acquire(first, scheduler, QUICK, "stream").orElseThrow();
      try (BucketWriter old = database.writer(config, lost::held)) {
        old.save(insert(TEST, row("id", "before")));
        old.flush();
        old.save(insert(TEST, row("id", "queued")));

        cutOff.setPortNumbers(new int[] {1});
        Optional<StreamLock>[] taken = new Optional[1];
        Await.until(
            "the other node took the lock",
            DEADLINE,
            () -> (taken[0] = StreamLease.acquire(second, scheduler, QUICK, "stream")).isPresent());

        // Never two at a time, by whichever clock the other one goes.
        assertThat(lost.held()).isFalse();
        assertThatThrownBy(old::flush).hasMessageContaining("PSYNC_S1003");
        assertThatThrownBy(() -> old.commit(new Lsn("1"), true))
            .hasMessageContaining("PSYNC_S1003");
        try (BucketWriter now = database.writer(config, taken[0].get()::held)) {
          now.save(insert(TEST, row("id", "after")));
          now.commit(new Lsn("2"), true);
        }
        assertThat(database.operations())
            .extracting(operation -> operation.split(" ")[2])
            .containsExactly("before", "after");
        taken[0].get().close();
      }
    } finally {
      scheduler.shutdownNow();
    }
  }
}
