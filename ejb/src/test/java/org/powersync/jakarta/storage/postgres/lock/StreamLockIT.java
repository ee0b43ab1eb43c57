package org.powersync.jakarta.storage.postgres.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

class StreamLockIT {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final StreamLease.Times SLOW = StreamLease.Times.USUAL;
  private static final StreamLease.Times QUICK =
      new StreamLease.Times(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofMillis(100));

  private final Database database = TestPostgres.shared().createDatabase("lock");
  private final PGSimpleDataSource dataSource = database.dataSource();
  private final LockTable table = new LockTable(new SqlTransactions(dataSource));
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);

  StreamLockIT() {
    new SchemaMigration(database.dataSource()).migrate();
  }

  @AfterEach
  void close() {
    scheduler.shutdownNow();
  }

  @Test
  void onlyOneHolderUntilItIsGivenBack() {
    StreamLock first = acquire(SLOW).get();
    assertThat(first.held()).isTrue();
    assertThat(acquire(SLOW)).isEmpty();
    first.close();
    first.close();
    assertThat(first.held()).isFalse();
    assertThat(acquire(SLOW)).isPresent();
  }

  @Test
  void aLockGivenBackWhileStorageIsAwayIsFreeSoonAfterItIsBack() {
    StreamLease.Times patient =
        new StreamLease.Times(
            Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMillis(100));
    StreamLock lock = acquire(patient).get();
    int port = dataSource.getPortNumbers()[0];
    dataSource.setPortNumbers(new int[] {1});
    lock.close();
    assertThatThrownBy(() -> acquire(patient)).hasMessageContaining("PSYNC_S");

    dataSource.setPortNumbers(new int[] {port});
    Await.until("the lock is free", DEADLINE, () -> acquire(patient).isPresent());
  }

  @Test
  void anExpiredLockIsTakenOver() {
    UUID dead = table.acquire("name").get();
    assertThat(table.acquire("name")).isEmpty();
    database.execute("UPDATE powersync.locks SET ts = now() - interval '61 seconds'");
    UUID taken = table.acquire("name").get();

    assertThat(table.refresh(dead)).isFalse();
    assertThat(table.release(dead)).isFalse();
    assertThat(table.refresh(taken)).isTrue();
    assertThat(table.release(taken)).isTrue();
  }

  @Test
  void aHeldLockOutlivesItsLifetime() throws InterruptedException {
    StreamLock lock = acquire(QUICK).get();
    CountDownLatch lifetimePassed = new CountDownLatch(1);
    scheduler.schedule(lifetimePassed::countDown, 3, TimeUnit.SECONDS);
    lifetimePassed.await();

    assertThat(lock.held()).isTrue();
    assertThat(acquire(QUICK)).isEmpty();
    lock.close();
  }

  @Test
  void theHolderHearsThatAnotherTookOver() {
    StreamLock lock = acquire(QUICK).get();
    AtomicInteger heard = new AtomicInteger();
    lock.onLost(heard::incrementAndGet);
    database.execute("UPDATE powersync.locks SET lock_id = gen_random_uuid()");

    Await.until("the holder heard of it", DEADLINE, () -> heard.get() == 1);
    assertThat(lock.held()).isFalse();
    lock.onLost(heard::incrementAndGet);
    assertThat(heard).hasValue(2);
    lock.close();
    assertThat(table.acquire("stream")).isEmpty();
  }

  @Test
  void aLockThatCannotBeRenewedIsLostWhenItExpires() {
    StreamLock lock = acquire(QUICK).get();
    AtomicInteger heard = new AtomicInteger();
    lock.onLost(heard::incrementAndGet);
    database.execute("ALTER TABLE powersync.locks RENAME TO locks_away");

    assertThat(lock.held()).isTrue();
    Await.until("the lock expired", DEADLINE, () -> heard.get() == 1);
    assertThat(lock.held()).isFalse();
    database.execute("ALTER TABLE powersync.locks_away RENAME TO locks");
    assertThat(lock.held()).isFalse();
  }

  @Test
  void aShortFailureOfTheDatabaseDoesNotCostTheLock() {
    StreamLock lock = acquire(QUICK).get();
    dataSource.setPortNumbers(new int[] {1});
    assertThatThrownBy(() -> table.refresh(UUID.randomUUID())).hasMessageContaining("refused");
    dataSource.setPortNumbers(new int[] {database.port()});
    String before = stamp();

    Await.until("the lock was renewed", DEADLINE, () -> !stamp().equals(before));
    assertThat(lock.held()).isTrue();
    lock.close();
  }

  private Optional<StreamLock> acquire(StreamLease.Times times) {
    return StreamLease.acquire(table, scheduler, times, "stream");
  }

  private String stamp() {
    return new SqlTransactions(database.dataSource())
        .autocommit(
            "read the stamp",
            connection -> {
              try (var statement = connection.createStatement();
                  var row = statement.executeQuery("SELECT ts::text FROM powersync.locks")) {
                row.next();
                return row.getString(1);
              }
            });
  }
}
