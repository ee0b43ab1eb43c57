package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.telemetry.HealthReport.State;

class StorageStartupIT {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Database database = TestPostgres.shared().createDatabase("startup");
  private final PGSimpleDataSource dataSource = database.dataSource();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final AtomicInteger announced = new AtomicInteger();

  @AfterEach
  void close() {
    scheduler.shutdownNow();
  }

  @Test
  void announcesStorageOnceAfterMigrating() {
    StorageStartup startup = start(true);
    assertThat(startup.name()).isEqualTo("storage");
    Await.until("storage is ready", DEADLINE, () -> announced.get() == 1);
    assertThat(startup.health().state()).isEqualTo(State.UP);
  }

  @Test
  void waitsForADatabaseThatComesLater() {
    int port = database.port();
    dataSource.setPortNumbers(new int[] {1});
    StorageStartup startup = start(true);
    Await.until(
        "the reason is known", DEADLINE, () -> startup.health().reason().contains("refused"));
    assertThat(startup.health().state()).isEqualTo(State.DOWN);
    dataSource.setPortNumbers(new int[] {port});

    Await.until("storage is ready", DEADLINE, () -> announced.get() == 1);
    dataSource.setPortNumbers(new int[] {1});
    Await.until(
        "a lost database is noticed", DEADLINE, () -> startup.health().state() == State.DOWN);
    dataSource.setPortNumbers(new int[] {port});
    Await.until("its return is noticed", DEADLINE, () -> startup.health().state() == State.UP);
    assertThat(announced).hasValue(1);
  }

  @Test
  void withoutAutomaticMigrationItWaitsForSomebodyElse() {
    StorageStartup startup = start(false);
    Await.until(
        "the reason is known",
        DEADLINE,
        () -> startup.health().reason().contains("disable_auto_migration"));
    assertThat(announced).hasValue(0);
    new SchemaMigration(database.dataSource()).migrate();
    Await.until("storage is ready", DEADLINE, () -> announced.get() == 1);
  }

  @Test
  void aNewerSchemaStaysRefused() {
    new SchemaMigration(dataSource).migrate();
    database.execute("UPDATE powersync.migrations SET last_run = '1999900000000-future'");
    StorageStartup startup = start(true);
    Await.until("it is refused", DEADLINE, () -> startup.health().reason().contains("PSYNC_S1005"));
    assertThat(startup.health().reason()).contains("1999900000000-future");
    assertThat(announced).hasValue(0);
  }

  private StorageStartup start(boolean autoMigration) {
    EntityTransactions noEntities =
        new EntityTransactions() {
          @Override
          public <T> T call(
              String doing,
              java.util.function.Function<jakarta.persistence.EntityManager, T> work) {
            throw new UnsupportedOperationException("not needed to start");
          }
        };
    StorageStartup startup =
        new StorageStartup(
            new StorageResources(dataSource, noEntities, scheduler),
            new ProviderSettings(2, "test_", autoMigration),
            announced::incrementAndGet,
            new StorageStartup.Pauses(SHORT, SHORT, SHORT));
    startup.begin();
    return startup;
  }
}
