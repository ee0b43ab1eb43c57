package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.Counters;

/** Conformance cases of many rows, wide rows and several writers, by their ids. */
abstract class VolumeCases {
  private static final Duration SOAK = Duration.ofSeconds(15);

  private EngineHarness engine;

  @AfterEach
  void close() {
    engine.close();
  }

  private void following(String name, String[] queries, String... setup) {
    engine = new EngineHarness(name).config(queries);
    engine.execute(setup);
    engine.start().awaitState(1, StreamState.ACTIVE);
  }

  private long operations() {
    return Long.parseLong(engine.stored("SELECT count(*) FROM powersync.bucket_data"));
  }

  @Tag("STR-18")
  @Test
  void followsManyOperations() throws SQLException {
    following(
        "many",
        new String[] {"SELECT id, v FROM t"},
        "CREATE TABLE t (id int PRIMARY KEY, v text)");
    for (int i = 0; i < 20; i++) {
      engine.execute(
          "INSERT INTO t SELECT %d + n, 'a' FROM generate_series(1, 1500) n".formatted(i * 1500),
          "UPDATE t SET v = 'b' WHERE id > " + i * 1500);
    }
    engine.awaitCaughtUp(1);
    assertThat(operations()).isEqualTo(60_000);
    engine.execute("TRUNCATE t");
    engine.awaitCaughtUp(1);
    assertThat(operations()).isEqualTo(90_000);
  }

  @Tag("STR-19")
  @Test
  void copiesWideRowsIntoSeveralPlaces() {
    String query = "SELECT id, v FROM t";
    following(
        "wide",
        new String[] {query, query + " AS t2", query + " AS t3", query + " AS t4"},
        "CREATE TABLE t (id text PRIMARY KEY, v text)",
        "INSERT INTO t SELECT 'n' || n, repeat('x', 2650) FROM generate_series(1, 499) n",
        "INSERT INTO t VALUES ('large', repeat('y', 2768000)), ('small', 's')");
    assertThat(operations()).isEqualTo((499 + 2) * 4);
  }

  /** Three writers, without and with compaction all the time. */
  @Tag("STR-24")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsEmptyHoweverWritersMeet(boolean compacting) throws Exception {
    following(
        "soak",
        new String[] {"SELECT id, v FROM t"},
        "CREATE TABLE t (id text PRIMARY KEY, v text)",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      long end = System.nanoTime() + SOAK.toNanos();
      for (int i = 0; i < 3; i++) {
        String prefix = "w" + i + "_";
        writers.add(
            threads.submit(
                () -> {
                  write(prefix, end);
                  return null;
                }));
      }
      Future<?> compaction =
          threads.submit(
              () -> {
                while (compacting && !done.get()) {
                  engine
                      .storage
                      .compaction()
                      .compact(new GroupId(1), CompactionOptions.DEFAULT, done::get);
                }
              });
      for (Future<?> writer : writers) {
        writer.get();
      }
      engine.awaitCaughtUp(1);
      done.set(true);
      compaction.get();
    } finally {
      done.set(true);
      threads.shutdown();
    }
    engine.awaitEqual(1, "t", "id", "v");
    assertThat(engine.stored("SELECT count(*) FROM powersync.current_data")).isEqualTo("0");
    assertThat(engine.counters.values().get(Counters.Counter.ROWS_REPLICATED.metric()))
        .isGreaterThan(100);
  }

  private void write(String prefix, long end) throws SQLException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try (Connection connection = engine.source.connect();
        Statement statement = connection.createStatement()) {
      for (int batch = 0; System.nanoTime() - end < 0; batch++) {
        String mine = " WHERE id LIKE '" + prefix + batch + "\\_%'";
        connection.setAutoCommit(random.nextBoolean());
        statement.execute(
            "INSERT INTO t SELECT '%s%d_' || n, 'a' FROM generate_series(1, %d) n"
                .formatted(prefix, batch, random.nextInt(1, 50)));
        for (int update = random.nextInt(3); update > 0; update--) {
          statement.execute("UPDATE t SET v = 'u" + update + "'" + mine);
        }
        if (!connection.getAutoCommit() && random.nextBoolean()) {
          connection.commit();
        }
        statement.execute("DELETE FROM t" + mine);
        if (!connection.getAutoCommit()) {
          connection.commit();
        }
      }
    }
  }

  /** What other databases of the server write does not hold the slot back. */
  @Tag("CHK-14")
  @Test
  void theSlotMovesWhileTheDatabaseIsIdle() {
    following("idle", new String[] {"SELECT id FROM t"}, "CREATE TABLE t (id int PRIMARY KEY)");
    engine.awaitCaughtUp(1);
    engine.storage.database.execute(
        "CREATE TABLE noise AS SELECT n, repeat('x', 1000) FROM generate_series(1, 60000) n",
        "DROP TABLE noise");
    Await.until(
        () -> "the slot is close to the end; " + engine.status(),
        Duration.ofSeconds(30),
        () ->
            "t"
                .equals(
                    engine.sourced(
                        "SELECT pg_current_wal_lsn() - confirmed_flush_lsn < 8000000 FROM"
                            + " pg_replication_slots WHERE slot_name = '"
                            + engine.slot(1)
                            + "'")));
  }
}
