package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.storage.StreamState;

/**
 * F1: the replicating process is killed at random moments while others write, 10 times in the copy
 * of tables and 10 times while it follows them. What is copied, and each change after the copy, is
 * stored exactly once.
 */
class KilledProcessIT {
  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final int ROWS = 1000 * KILLS;

  /** Rows above are never written again. */
  private static final int KEYS = 2500;

  /** Slow, so that there is time to be killed while copying. */
  private static final int SMALL_CHUNK = 20;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final EngineHarness engine =
      new EngineHarness("killed")
          .config("SELECT id, v FROM items", "SELECT id, part, v FROM pairs");
  private String checkpoint = "";

  @TempDir Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void losesAndDoublesNothing() throws Exception {
    engine.execute(
        "CREATE TABLE items (id text PRIMARY KEY, v text)",
        "INSERT INTO items SELECT i::text, repeat('x', 400) FROM generate_series(1, "
            + ROWS
            + ") i",
        "CREATE TABLE pairs (id text, part int, v text, PRIMARY KEY (id, part))",
        "INSERT INTO pairs SELECT i::text, 0, repeat('y', 400) FROM generate_series(1, "
            + ROWS
            + ") i");
    Path config = Files.writeString(folder.resolve("sync-config.yaml"), engine.configText());
    Writer writer = new Writer(random.nextLong());
    String copied;
    try {
      for (int kill = 0; kill < KILLS / 2; kill++) {
        kill(start(config, SMALL_CHUNK), 100, 1000);
        assertThat(engine.stored("SELECT bool_or(snapshot_done) FROM powersync.sync_rules"))
            .as("killed while copying; seed " + seed)
            .isNotEqualTo("t");
      }
      Process process = start(config, SourceOptions.DEFAULT.chunkRows());
      Await.until(
          "everything is copied",
          Duration.ofMinutes(3),
          () ->
              "ACTIVE"
                  .equals(engine.stored("SELECT state FROM powersync.sync_rules WHERE id = 1")));
      copied = engine.stored("SELECT last_checkpoint FROM powersync.sync_rules WHERE id = 1");
      for (int kill = KILLS / 2; kill < KILLS; kill++) {
        kill(process, 300, 2500);
        process = start(config, SourceOptions.DEFAULT.chunkRows());
      }
      kill(process, 300, 2500);
    } finally {
      writer.end();
    }
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "items", "id", "v");
    engine.awaitEqual(1, "pairs", "id", "part", "v");
    assertThat(engine.list("SELECT id FROM powersync.sync_rules")).containsExactly("1");
    assertThat(
            engine.stored(
                "SELECT count(*) FROM powersync.current_data c JOIN powersync.source_tables t ON"
                    + " t.id = c.source_table WHERE table_name = 'items'"))
        .as("one stored row for each; seed " + seed)
        .isEqualTo(engine.sourced("SELECT count(*) FROM items"));
    assertThat(
            engine.list(
                "SELECT table_name || row_id FROM powersync.bucket_data WHERE row_id::int > "
                    + (KEYS + 2)
                    + " GROUP BY table_name, row_id HAVING count(*) <> 1"))
        .as("copied rows that have not one operation; seed " + seed)
        .isEmpty();
    assertThat(repeated("count(*) > 2"))
        .as("rows stored twice by the copy, or twice by the stream; seed " + seed)
        .isEmpty();
    assertThat(repeated("count(*) > 1 AND max(op_id) > " + copied))
        .as("changes with more than one operation; seed " + seed)
        .isEmpty();
    assertThat(
            engine.list(
                "SELECT row_id FROM (SELECT row_id, op, lag(op) OVER (PARTITION BY source_table,"
                    + " source_key, row_id ORDER BY op_id) AS before FROM powersync.bucket_data) o"
                    + " WHERE op = 'REMOVE' AND before = 'REMOVE'"))
        .as("rows removed twice; seed " + seed)
        .isEmpty();
  }

  /** No change writes what was there before: a repeated row is a repeated operation. */
  private List<String> repeated(String condition) {
    return engine.list(
        "SELECT table_name || ' ' || data || ' ' || string_agg(op_id::text, ' ' ORDER BY op_id)"
            + " FROM powersync.bucket_data WHERE op = 'PUT' GROUP BY table_name, row_id, data"
            + " HAVING "
            + condition);
  }

  private void kill(Process process, int leastMillis, int mostMillis) throws InterruptedException {
    process.waitFor(leastMillis + random.nextInt(mostMillis - leastMillis), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    // What 60 s would do: the lease of a killed process expires.
    engine.storage.database.execute("DELETE FROM powersync.locks");
    String reached =
        engine.stored("SELECT coalesce(max(last_checkpoint_lsn), '') FROM powersync.sync_rules");
    assertThat(reached)
        .as("checkpoints never go back; seed " + seed)
        .isGreaterThanOrEqualTo(checkpoint);
    checkpoint = reached;
  }

  private Process start(Path config, int chunkRows) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ReplicatingProcess.class.getName(),
                Integer.toString(engine.source.port()),
                engine.source.name(),
                Integer.toString(engine.storage.database.port()),
                engine.storage.database.name(),
                engine.storage.slotPrefix(),
                config.toString(),
                Integer.toString(chunkRows))
            .redirectError(folder.resolve("process.log").toFile())
            .start();
    Await.until(
        () -> "the process starts: " + log(),
        Duration.ofSeconds(60),
        () -> {
          assertThat(process.isAlive()).as(log()).isTrue();
          return process.getInputStream().available() > 0;
        });
    return process;
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("process.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Changes rows all the time, in small transactions. */
  private final class Writer {
    private final Random random;
    private final Thread thread = new Thread(this::write, "writer");
    private volatile boolean ending;
    private volatile RuntimeException failure;

    Writer(long seed) {
      random = new Random(seed);
      thread.start();
    }

    private void write() {
      try {
        for (int i = 0; !ending; i++) {
          int key = random.nextInt(KEYS);
          engine.execute(
              "UPDATE items SET v = 'u" + i + "' WHERE id = '" + key + "'",
              "DELETE FROM items WHERE id = '" + (key + 1) + "'",
              "INSERT INTO items VALUES ('"
                  + (key + 2)
                  + "', 'i"
                  + i
                  + "') ON CONFLICT (id)"
                  + " DO UPDATE SET v = excluded.v",
              "UPDATE pairs SET part = part + 1 WHERE id = '" + key + "'");
          Await.pause(Duration.ofMillis(20));
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    void end() throws InterruptedException {
      ending = true;
      thread.join();
      if (failure != null) {
        throw failure;
      }
    }
  }
}
