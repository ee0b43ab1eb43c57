package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;

/** Tables that come, go and change while the source is followed or nobody looks. */
abstract class SchemaChangeCases {
  private static final String PUBLICATION = "CREATE PUBLICATION powersync FOR ALL TABLES";

  private static SourceHarness started(String name, String... setup) {
    SourceHarness harness = SourceHarness.of(name, 100, "test_%", "lists");
    harness.execute(setup);
    harness.start();
    Await.until(
        "streaming; failures " + harness.failures,
        SourceHarness.DEADLINE,
        () -> harness.progress.status().phase() == Phase.STREAMING);
    return harness;
  }

  /** SCH-01. */
  @Tag("SCH-01")
  @Test
  void tableIsDroppedAndCreatedAgain() {
    try (SourceHarness h =
        started(
            "recreate",
            PUBLICATION,
            "CREATE TABLE lists (id text PRIMARY KEY, v text)",
            "INSERT INTO lists VALUES ('t1', 'a')")) {
      h.transaction(
          "INSERT INTO lists VALUES ('t2', 'a')",
          "DROP TABLE lists",
          "CREATE TABLE lists (id text PRIMARY KEY, v text)",
          "INSERT INTO lists VALUES ('t3', 'b')");
      h.awaitEqual("lists", "id", "v");
    }
  }

  /** SCH-15. */
  @Tag("SCH-15")
  @Test
  void tableIsPublishedLater() {
    try (SourceHarness h =
        started(
            "publish",
            "CREATE TABLE test_foo (id int PRIMARY KEY)",
            "CREATE TABLE lists (id int PRIMARY KEY)",
            "INSERT INTO lists VALUES (1), (2)",
            "CREATE PUBLICATION powersync FOR TABLE test_foo")) {
      h.execute("ALTER PUBLICATION powersync ADD TABLE lists", "INSERT INTO lists VALUES (3)");
      h.awaitEqual("lists", "id");
    }
  }

  /** SCH-20. */
  @Tag("SCH-20")
  @Test
  void interruptedInlineCopyBeginsAnew() {
    try (SourceHarness h = started("crash", PUBLICATION)) {
      h.execute(
          "CREATE TABLE other (id int PRIMARY KEY, v text)",
          "INSERT INTO other SELECT i, 'x' FROM generate_series(1, 250) i");
      h.storage.beforeFlush =
          () -> {
            if (h.storage.log.contains("progress lists 100")) {
              h.storage.beforeFlush = () -> {};
              throw new IllegalStateException("injected");
            }
          };
      h.execute("ALTER TABLE other RENAME TO lists", "INSERT INTO lists VALUES (1000, 'y')");
      h.awaitEqual("lists", "id", "v");
      assertThat(h.failures).hasSize(1);
    }
  }

  /**
   * 2.8, better: other tables are followed meanwhile; nothing is visible before the copy is done.
   */
  @Test
  void otherTablesGoOnWhileOneIsCopied() {
    try (SourceHarness h =
        started("going_on", PUBLICATION, "CREATE TABLE lists (id int PRIMARY KEY)")) {
      h.execute(
          "CREATE TABLE other (id int PRIMARY KEY, v text)",
          "INSERT INTO other SELECT i, 'x' FROM generate_series(1, 250) i");
      CountDownLatch release = new CountDownLatch(1);
      Thread applying = h.applyingThread();
      h.storage.beforeFlush =
          () -> {
            if (Thread.currentThread() != applying) {
              await(release);
            }
          };
      long rows = h.progress.status().rows();
      h.execute(
          "ALTER TABLE other RENAME TO test_other",
          "INSERT INTO test_other VALUES (1000, 'new')",
          "UPDATE test_other SET v = 'changed' WHERE id = 1",
          "UPDATE test_other SET id = 2000 WHERE id = 2",
          "DELETE FROM test_other WHERE id = 3",
          "INSERT INTO lists VALUES (1)");
      Await.until(
          "the other table's row is there",
          SourceHarness.DEADLINE,
          () -> h.progress.status().rows() == rows + 1);
      assertThat(h.storage.visibleRows("lists")).isEmpty();
      h.execute("INSERT INTO test_other VALUES (1001, 'newer')", "INSERT INTO lists VALUES (2)");
      release.countDown();
      h.awaitEqual("test_other", "id", "v");
      h.awaitEqual("lists", "id");
      assertThat(h.failures).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SCH-21. */
  @Tag("SCH-21")
  @Test
  void tableThatVanishedBeforeItsCopyIsIgnored() {
    try (SourceHarness h = started("vanished", PUBLICATION)) {
      h.stop();
      h.execute(
          "CREATE TABLE test_tmp (id int PRIMARY KEY)",
          "INSERT INTO test_tmp VALUES (1)",
          "DROP TABLE test_tmp",
          "CREATE TABLE test_a (id int PRIMARY KEY)",
          "INSERT INTO test_a VALUES (1)",
          "ALTER TABLE test_a RENAME TO test_b",
          "INSERT INTO test_b VALUES (2)");
      h.start();
      h.awaitEqual("test_b", "id");
      assertThat(h.storage.visibleRows("test_tmp")).isEmpty();
      assertThat(h.storage.visibleRows("test_a")).isEmpty();
      assertThat(h.failures).isEmpty();
    }
  }

  /** SCH-22: the record stays, only what the source sends changes. */
  @Tag("SCH-22")
  @Test
  void fullAndBackKeepsTheRecordOfAnAllColumnKey() {
    try (SourceHarness h =
        started("allkey", PUBLICATION, "CREATE TABLE lists (a int, b int, PRIMARY KEY (a, b))")) {
      h.storage.log.clear();
      h.execute(
          "INSERT INTO lists VALUES (1, 1)",
          "ALTER TABLE lists REPLICA IDENTITY FULL",
          "INSERT INTO lists VALUES (2, 2)",
          "ALTER TABLE lists REPLICA IDENTITY DEFAULT",
          "INSERT INTO lists VALUES (3, 3)");
      h.awaitEqual("lists", "a", "b");
      assertThat(h.storage.log).isEmpty();
    }
  }

  /** STR-04, STR-25, SNP-13. */
  @Tag("STR-04")
  @Tag("STR-25")
  @Tag("SNP-13")
  @Test
  void partitionsAreTables() {
    try (SourceHarness h =
        started(
            "parts",
            PUBLICATION,
            "CREATE TABLE test_part (id int, k text, PRIMARY KEY (id, k)) PARTITION BY LIST (k)",
            "CREATE TABLE test_part_a PARTITION OF test_part FOR VALUES IN ('a')",
            "CREATE TABLE test_part_b PARTITION OF test_part FOR VALUES IN ('b')",
            "CREATE VIEW test_view AS SELECT 1 AS id",
            "INSERT INTO test_part VALUES (1, 'a'), (2, 'a')")) {
      h.awaitEqual("test_part_a", "id", "k");
      h.execute("UPDATE test_part SET k = 'b' WHERE id = 1");
      h.awaitEqual("test_part_a", "id", "k");
      h.awaitEqual("test_part_b", "id", "k");
      h.execute("TRUNCATE test_part");
      h.awaitEqual("test_part_a", "id", "k");
      h.awaitEqual("test_part_b", "id", "k");
      assertThat(h.storage.visibleRows("test_part")).isEmpty();
      assertThat(h.failures).isEmpty();
    }
  }

  /** LIF-23. */
  @Tag("LIF-23")
  @Test
  void recordOfATableThatIsGoneIsRemoved() {
    try (SourceHarness h = SourceHarness.inOrder("gone", 100, "test_%")) {
      h.execute(
          PUBLICATION,
          "CREATE TABLE test_1 (id int PRIMARY KEY)",
          "CREATE TABLE test_2 (id int PRIMARY KEY)",
          "INSERT INTO test_1 SELECT generate_series(1, 300)");
      h.storage.beforeFlush =
          () -> {
            if (h.storage.copiedRows >= 100) {
              h.storage.beforeFlush = () -> {};
              h.execute("DROP TABLE test_2");
              throw new IllegalStateException("injected");
            }
          };
      h.start();
      h.awaitEqual("test_1", "id");
      assertThat(h.storage.log).contains("drop test_2");
      assertThat(h.failures).hasSize(1);
    }
  }

  /** SNP-23. */
  @Tag("SNP-23")
  @Test
  void singleNullableColumnWithFullIdentity() {
    try (SourceHarness h =
        started(
            "nullable",
            PUBLICATION,
            "CREATE TABLE lists (a text)",
            "ALTER TABLE lists REPLICA IDENTITY FULL",
            "INSERT INTO lists VALUES ('x'), ('y'), (NULL), ('y')")) {
      Await.until(
          "three identities",
          SourceHarness.DEADLINE,
          () -> h.storage.visibleRows("lists").size() == 3);
    }
  }

  /** CHK-18: what waits behind a stalled applier is never acknowledged. */
  @Tag("CHK-18")
  @Tag("CHK-16")
  @Test
  void stalledTransactionsAreNotAcknowledged() {
    try (SourceHarness h =
        started("stalled", PUBLICATION, "CREATE TABLE lists (id int PRIMARY KEY)")) {
      h.execute("INSERT INTO lists VALUES (0)");
      h.awaitEqual("lists", "id");
      CountDownLatch stall = new CountDownLatch(1);
      CountDownLatch stalled = new CountDownLatch(1);
      h.storage.beforeFlush =
          () -> {
            stalled.countDown();
            try {
              stall.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("injected");
          };
      String before = h.query("SELECT pg_current_wal_insert_lsn()");
      h.execute("INSERT INTO lists VALUES (1)");
      h.execute("INSERT INTO lists VALUES (2)");
      h.source().heartbeat();
      Await.until("stalled", SourceHarness.DEADLINE, () -> stalled.getCount() == 0);
      h.storage.beforeFlush =
          () -> {
            throw new IllegalStateException("injected");
          };
      stall.countDown();
      Await.until("failed", SourceHarness.DEADLINE, () -> h.failures.size() >= 2);
      assertThat(
              h.query(
                  "SELECT confirmed_flush_lsn <= '"
                      + before
                      + "' FROM pg_replication_slots WHERE slot_name = 'slot_"
                      + h.database.name()
                      + "'"))
          .isEqualTo("t");
      h.storage.beforeFlush = () -> {};
      h.awaitEqual("lists", "id");
    }
  }
}
