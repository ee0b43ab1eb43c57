package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.telemetry.Counters.Counter;

/** Replication from a real server into storage in memory. */
abstract class AttemptCases {
  private static final int CHUNK = 100;
  private static final String PUBLICATION = "CREATE PUBLICATION powersync FOR ALL TABLES";
  private static final String LISTS = "CREATE TABLE lists (id int PRIMARY KEY, name text)";

  private static SourceHarness started(String name, String... setup) {
    SourceHarness harness = SourceHarness.of(name, CHUNK, "lists", "test_%");
    harness.execute(PUBLICATION, LISTS);
    harness.execute(setup);
    harness.start();
    harness.awaitEqual("lists", "id", "name");
    streaming(harness);
    return harness;
  }

  private static void streaming(SourceHarness harness) {
    Await.until(
        "streaming; failures " + harness.failures,
        SourceHarness.DEADLINE,
        () -> harness.progress.status().phase() == Phase.STREAMING);
  }

  @Test
  void copiesAndFollows() {
    try (SourceHarness h =
        started("follow", "INSERT INTO lists SELECT i, 'n' || i FROM generate_series(1, 250) i")) {
      assertThat(h.storage.log)
          .containsSubsequence(
              "clear",
              "create lists",
              "progress lists 100",
              "progress lists 200",
              "progress lists 250",
              "progress lists 250",
              "done lists");
      h.execute("INSERT INTO lists VALUES (1000, 'new')");
      h.execute("UPDATE lists SET name = 'changed' WHERE id = 5");
      h.execute("UPDATE lists SET id = 7000 WHERE id = 7");
      h.execute("DELETE FROM lists WHERE id BETWEEN 10 AND 20");
      h.awaitEqual("lists", "id", "name");
      h.execute("TRUNCATE lists", "INSERT INTO lists VALUES (1, E'tab\\t, line\\n, back\\\\')");
      Await.until(
          "truncated",
          SourceHarness.DEADLINE,
          () ->
              h.storage.visible("lists").size() == 1
                  && "tab\t, line\n, back\\"
                      .equals(Rows.text(h.storage.visible("lists").get("1"), 1)));
      assertThat(h.counters.values().get(Counter.TRANSACTIONS_REPLICATED.metric()))
          .isGreaterThanOrEqualTo(5);
      assertThat(h.failures).isEmpty();
    }
  }

  @Test
  void copiesOddTextAndNulls() {
    try (SourceHarness h = SourceHarness.of("odd", CHUNK, "lists")) {
      h.execute(
          PUBLICATION,
          LISTS,
          "INSERT INTO lists VALUES (1, E'\\\\N'), (2, NULL), (3, ''), (4, E'a\\tb\\\\c\\r\\n'),"
              + " (5, E'\\b\\f\\x0b'), (6, 'häßlich ☃')");
      h.start();
      Await.until("copied", SourceHarness.DEADLINE, () -> h.storage.visible("lists").size() == 6);
      assertThat(Rows.text(h.storage.visible("lists").get("3"), 1)).isEmpty();
      assertThat(Rows.text(h.storage.visible("lists").get("6"), 1)).isEqualTo("häßlich ☃");
      assertThat(Rows.text(h.storage.visible("lists").get("1"), 1)).isEqualTo("\\N");
      assertThat(Rows.text(h.storage.visible("lists").get("2"), 1)).isNull();
      assertThat(Rows.text(h.storage.visible("lists").get("4"), 1)).isEqualTo("a\tb\\c\r\n");
      assertThat(Rows.text(h.storage.visible("lists").get("5"), 1)).isEqualTo("\b\f\u000b");
    }
  }

  /** STR-05. */
  @Tag("STR-05")
  @Test
  void completesUnchangedToast() {
    try (SourceHarness h =
        started(
            "toast",
            "CREATE TABLE test_toast (id int PRIMARY KEY, name text, big text)",
            "ALTER TABLE test_toast ALTER big SET STORAGE EXTERNAL",
            "INSERT INTO test_toast VALUES (1, 'a', repeat('x', 40000))")) {
      h.execute("UPDATE test_toast SET name = 'b'");
      h.awaitEqual("test_toast", "id", "name", "big");
    }
  }

  /** SNP-04: the moved row is incomplete and unknown, and is fetched again. */
  @Tag("SNP-04")
  @Test
  void fetchesRowsMovedBehindTheCopy() {
    try (SourceHarness h = SourceHarness.of("moved", CHUNK, "test_move")) {
      h.execute(
          PUBLICATION,
          "CREATE TABLE test_move (id int8 PRIMARY KEY, n int, big text)",
          "ALTER TABLE test_move ALTER big SET STORAGE EXTERNAL",
          "INSERT INTO test_move SELECT i, 0, CASE WHEN i = 2000 THEN repeat('y', 40000) END"
              + " FROM generate_series(1, 2000) i");
      h.storage.beforeFlush =
          () -> {
            if (h.storage.copiedRows >= 100) {
              h.storage.beforeFlush = () -> {};
              h.execute("UPDATE test_move SET id = 0 WHERE id = 2000");
            }
          };
      h.start();
      h.awaitEqual("test_move", "id", "n", "big");
      assertThat(h.failures).isEmpty();
    }
  }

  /** A truncate stores what comes before it, and finds an incomplete row with that. */
  @Test
  void fetchesIncompleteRowsThatATruncateStored() {
    try (SourceHarness h =
        started(
            "incomplete",
            "CREATE TABLE test_toast (id int PRIMARY KEY, name text, big text)",
            "ALTER TABLE test_toast ALTER big SET STORAGE EXTERNAL",
            "INSERT INTO test_toast VALUES (1, 'a', repeat('x', 40000))")) {
      h.awaitEqual("test_toast", "id", "name", "big");
      synchronized (h.storage) {
        h.storage.rows.values().forEach(Map::clear);
      }
      h.transaction(
          "UPDATE test_toast SET name = 'b'",
          "TRUNCATE lists",
          "INSERT INTO lists VALUES (1, 'last')");
      h.awaitEqual("lists", "id", "name");
      assertThat(Rows.text(h.storage.visible("test_toast").get("1"), "big")).hasSize(40000);
    }
  }

  @Test
  void appliesLargeAndMixedTransactions() {
    try (SourceHarness h = started("large")) {
      h.transaction(
          "INSERT INTO lists SELECT i, repeat('z', 200) FROM generate_series(1, 20000) i",
          "UPDATE lists SET name = 'u' || id WHERE id % 3 = 0",
          "SAVEPOINT s",
          "DELETE FROM lists",
          "ROLLBACK TO s",
          "DELETE FROM lists WHERE id % 7 = 0");
      h.awaitEqual("lists", "id", "name");
      assertThat(h.storage.checkpoints).isSorted();
    }
  }

  /** LIF-02, STR-22. */
  @Tag("LIF-02")
  @Tag("STR-22")
  @Test
  void goesOnWhereItStopped() {
    try (SourceHarness h = started("resume", "INSERT INTO lists VALUES (1, 'a')")) {
      h.execute("INSERT INTO lists VALUES (2, 'b')");
      h.awaitEqual("lists", "id", "name");
      long before = System.nanoTime();
      h.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
      assertThat(
              h.query(
                  "SELECT active FROM pg_replication_slots WHERE slot_name = 'slot_"
                      + h.database.name()
                      + "'"))
          .isEqualTo("f");
      h.execute("INSERT INTO lists VALUES (3, 'c')", "DELETE FROM lists WHERE id = 1");
      h.storage.log.clear();
      h.start();
      h.awaitEqual("lists", "id", "name");
      assertThat(h.storage.log).noneMatch(line -> line.startsWith("progress"));
    }
  }

  /** SNP-09. */
  @Tag("SNP-09")
  @Test
  void resumesTheCopyByKey() {
    try (SourceHarness h = SourceHarness.of("partial", CHUNK, "lists")) {
      h.execute(
          PUBLICATION, LISTS, "INSERT INTO lists SELECT i, 'n' FROM generate_series(1, 1000) i");
      h.storage.beforeFlush =
          () -> {
            if (h.storage.copiedRows >= 500) {
              h.storage.beforeFlush = () -> {};
              throw new IllegalStateException("injected");
            }
          };
      h.start();
      Await.until("failed", SourceHarness.DEADLINE, () -> !h.failures.isEmpty());
      h.execute("DELETE FROM lists WHERE id = 3", "UPDATE lists SET name = 'm' WHERE id = 4");
      h.awaitEqual("lists", "id", "name");
      assertThat(h.storage.log.stream().filter("clear"::equals)).hasSize(1);
      assertThat(h.storage.copiedRows).isLessThan(1200);
    }
  }

  @Test
  void waitsForThePublication() {
    try (SourceHarness h = SourceHarness.of("nopub", CHUNK, "lists")) {
      h.execute(LISTS, "INSERT INTO lists VALUES (1, 'a')");
      h.start();
      Await.until("refused", SourceHarness.DEADLINE, () -> !h.failures.isEmpty());
      assertThat(h.failures.get(0))
          .hasMessageContaining("PSYNC_S1141")
          .hasMessageContaining("CREATE PUBLICATION powersync FOR ALL TABLES");
      h.execute(PUBLICATION);
      h.awaitEqual("lists", "id", "name");
    }
  }

  @Test
  void reconnectsWhenTheWalSenderIsKilled() {
    try (SourceHarness h = started("killed")) {
      h.execute(
          "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name ="
              + " 'slot_"
              + h.database.name()
              + "'",
          "INSERT INTO lists VALUES (1, 'after')");
      long start = System.nanoTime();
      h.awaitEqual("lists", "id", "name");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(h.failures).hasSize(1);
    }
  }

  /**
   * Storage stalls for longer than the server waits for a sign of life; the connection survives.
   */
  @Tag("CHK-17")
  @Test
  void survivesAStallOfStorage() {
    try (SourceHarness h = SourceHarness.of("stall", CHUNK, "lists")) {
      h.execute(
          PUBLICATION,
          LISTS,
          "ALTER DATABASE " + h.database.name() + " SET wal_sender_timeout = '2s'");
      h.start();
      streaming(h);
      h.execute("INSERT INTO lists VALUES (0, 'before')");
      h.awaitEqual("lists", "id", "name");
      String slot = " FROM pg_replication_slots WHERE slot_name = 'slot_" + h.database.name() + "'";
      String pid = h.query("SELECT active_pid" + slot);
      String head = h.query("SELECT pg_current_wal_insert_lsn()");
      h.storage.beforeFlush =
          () -> {
            h.storage.beforeFlush = () -> {};
            Await.pause(Duration.ofSeconds(6));
            assertThat(h.query("SELECT confirmed_flush_lsn <= '" + head + "'" + slot))
                .isEqualTo("t");
          };
      h.execute("INSERT INTO lists VALUES (1, 'after')");
      h.awaitEqual("lists", "id", "name");
      assertThat(h.query("SELECT active_pid" + slot)).isEqualTo(pid);
      assertThat(h.failures).isEmpty();
    }
  }

  /** The server's question for a status is answered at once, also while nothing happens. */
  @Test
  void survivesAShortWalSenderTimeout() {
    try (SourceHarness h = SourceHarness.of("timeout", CHUNK, "lists")) {
      h.execute(
          PUBLICATION,
          LISTS,
          "ALTER DATABASE " + h.database.name() + " SET wal_sender_timeout = '1s'");
      h.start();
      Await.until(
          "four quiet seconds on one connection",
          SourceHarness.DEADLINE,
          () ->
              "t"
                  .equals(
                      h.query(
                          "SELECT now() - r.backend_start > '4 seconds' FROM pg_stat_replication r"
                              + " JOIN pg_replication_slots s ON s.active_pid = r.pid"
                              + " WHERE slot_name = 'slot_"
                              + h.database.name()
                              + "'")));
      assertThat(h.failures).isEmpty();
    }
  }

  @Test
  void copiesTablesWithoutKeyAndWithFullIdentity() {
    try (SourceHarness h =
        started(
            "full",
            "CREATE TABLE test_nokey (a int, b text)",
            "INSERT INTO test_nokey SELECT i, 'x' FROM generate_series(1, 250) i",
            "CREATE TABLE test_full (a int, b text)",
            "ALTER TABLE test_full REPLICA IDENTITY FULL",
            "INSERT INTO test_full VALUES (1, 'x'), (2, NULL)")) {
      h.awaitEqual("test_nokey", "a", "b");
      h.awaitEqual("test_full", "a", "b");
      h.execute(
          "INSERT INTO test_nokey VALUES (1000, 'y')",
          "UPDATE test_full SET b = 'z' WHERE a = 1",
          "DELETE FROM test_full WHERE a = 2");
      h.awaitEqual("test_nokey", "a", "b");
      h.awaitEqual("test_full", "a", "b");
      assertThat(h.failures).isEmpty();
    }
  }

  /** SCH-03, SCH-04, SCH-07, SNP-24. */
  @Tag("SCH-03")
  @Tag("SCH-04")
  @Tag("SCH-07")
  @Tag("SNP-24")
  @Test
  void copiesTablesThatAppearOrChangeTheirIdentity() {
    try (SourceHarness h = started("inline")) {
      h.execute(
          "CREATE TABLE other (id int PRIMARY KEY, v text)",
          "INSERT INTO other SELECT i, 'o' FROM generate_series(1, 150) i",
          "ALTER TABLE other RENAME TO test_other",
          "INSERT INTO test_other VALUES (1000, 'new')");
      h.awaitEqual("test_other", "id", "v");
      h.execute(
          "ALTER TABLE test_other RENAME TO test_third",
          "UPDATE test_third SET v = 'third' WHERE id = 1");
      h.awaitEqual("test_third", "id", "v");
      h.execute(
          "ALTER TABLE test_third REPLICA IDENTITY FULL",
          "UPDATE test_third SET v = 'full' WHERE id = 2");
      h.awaitEqual("test_third", "id", "v");
      assertThat(h.storage.visible("test_other")).isEmpty();
      assertThat(h.failures).isEmpty();
    }
  }

  /** SNP-24, STR-28, SCH-14. */
  @Tag("SNP-24")
  @Tag("STR-28")
  @Tag("SCH-14")
  @Test
  void findsTheServersIdentityInTheCatalogue() {
    try (SourceHarness h =
        started(
            "identity",
            "CREATE TABLE test_include (a int, b int, PRIMARY KEY (a) INCLUDE (b))",
            "CREATE TABLE test_defer (id int PRIMARY KEY DEFERRABLE)",
            "CREATE TABLE test_gen (a int, g int GENERATED ALWAYS AS (a * 2) STORED)",
            "ALTER TABLE test_gen REPLICA IDENTITY FULL",
            "CREATE TABLE test_order (id int NOT NULL, description text NOT NULL)",
            "CREATE UNIQUE INDEX i ON test_order (description, id)",
            "ALTER TABLE test_order REPLICA IDENTITY USING INDEX i")) {
      h.storage.log.clear();
      h.transaction(
          "INSERT INTO test_include VALUES (1, 2)",
          "INSERT INTO test_defer VALUES (1)",
          "INSERT INTO test_gen VALUES (1)",
          "INSERT INTO test_order VALUES (1, 'x')");
      h.awaitEqual("test_include", "a", "b");
      h.awaitEqual("test_defer", "id");
      h.awaitEqual("test_gen", "a");
      h.awaitEqual("test_order", "id", "description");
      assertThat(h.storage.log).isEmpty();
    }
  }

  /** SNP-17. */
  @Tag("SNP-17")
  @Test
  void quotesNames() {
    try (SourceHarness h = SourceHarness.of("quoted", 2, "a.b\"c d")) {
      h.execute(
          PUBLICATION,
          "CREATE TABLE \"a.b\"\"c d\" (\"k.1\" text PRIMARY KEY, v text)",
          "INSERT INTO \"a.b\"\"c d\" SELECT 'it''s\\' || i, 'x' FROM generate_series(1, 5) i");
      h.start();
      h.awaitEqual("a.b\"c d", "k.1", "v");
      h.execute("UPDATE \"a.b\"\"c d\" SET v = 'y'");
      h.awaitEqual("a.b\"c d", "k.1", "v");
      assertThat(h.failures).isEmpty();
    }
  }

  /** LIF-03: the slot is dropped while nobody looks. */
  @Tag("LIF-03")
  @Test
  void reportsAMissingSlotAfterTheCopy() {
    try (SourceHarness h = started("noslot", "INSERT INTO lists VALUES (1, 'a')")) {
      h.execute("INSERT INTO lists VALUES (2, 'b')");
      h.awaitEqual("lists", "id", "name");
      h.stop();
      h.execute("SELECT pg_drop_replication_slot('slot_" + h.database.name() + "')");
      h.start();
      Await.until("reported", SourceHarness.DEADLINE, () -> !h.failures.isEmpty());
      assertThat(h.source().judge(h.failures.get(0)).restart()).isTrue();
    }
  }
}
