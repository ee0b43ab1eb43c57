package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.StreamState;

/** F1: the replicating process is killed, 20 times at random moments, while others write. */
class KilledProcessIT {
  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final int KEYS = 2500;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final EngineHarness engine =
      new EngineHarness("killed").config("SELECT id, v FROM items", "SELECT id, v FROM pairs");

  @TempDir Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void losesAndDoublesNothing() throws Exception {
    engine.execute(
        "CREATE TABLE items (id text PRIMARY KEY, v text)",
        "INSERT INTO items SELECT i::text, repeat('x', 400) FROM generate_series(1, 2500) i",
        "CREATE TABLE pairs (id text, part int, v text, PRIMARY KEY (id, part))",
        "INSERT INTO pairs SELECT i::text, 0, repeat('y', 400) FROM generate_series(1, 2500) i");
    Path config = Files.writeString(folder.resolve("sync-config.yaml"), engine.configText());
    Random random = new Random(seed);
    Writer writer = new Writer(random.nextLong());
    String checkpoint = "";
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        Process process = start(config);
        process.waitFor(300 + random.nextInt(2500), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        // What 60 s would do: the lease of a killed process expires.
        engine.storage.database.execute("DELETE FROM powersync.locks");
        String reached =
            engine.stored(
                "SELECT coalesce(max(last_checkpoint_lsn), '') FROM powersync.sync_rules");
        assertThat(reached)
            .as("checkpoints never go back; seed " + seed)
            .isGreaterThanOrEqualTo(checkpoint);
        checkpoint = reached;
      }
    } finally {
      writer.end();
    }
    engine.start().awaitState(1, StreamState.ACTIVE);
    engine.awaitCaughtUp(1);
    engine.awaitEqual(1, "items", "id", "v");
    engine.awaitEqual(1, "pairs", "id", "v");
    assertThat(engine.list("SELECT id FROM powersync.sync_rules")).containsExactly("1");
    assertThat(
            engine.stored(
                "SELECT count(*) FROM powersync.current_data c JOIN powersync.source_tables t ON"
                    + " t.id = c.source_table WHERE table_name = 'items'"))
        .as("one stored row for each; seed " + seed)
        .isEqualTo(engine.sourced("SELECT count(*) FROM items"));
  }

  private Process start(Path config) throws IOException {
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
                config.toString())
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
