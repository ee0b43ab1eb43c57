package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * All connections to a database are ended at once, as by a restart or by an operator: flow resumes
 * within the time that is promised, for clients that come afterwards and for the one that is there.
 */
class CutConnectionsIT {
  private static final Duration PROMISED = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LINE = Duration.ofSeconds(1);
  private static final String CONFIG =
      """
      bucket_definitions:
        global:
          data:
            - SELECT id FROM lists
      """;

  private static TestPostgres.Database source;
  private static TestPostgres.Database storage;
  private static LibertyServer server;
  private static int rows;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("cut_source");
    storage = TestPostgres.shared().createDatabase("cut_storage");
    source.execute(
        "CREATE TABLE lists (id text PRIMARY KEY)", "CREATE PUBLICATION powersync FOR ALL TABLES");
    server =
        new LibertyServer(
                "cut",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(CONFIG)),
                Map.of())
            .start()
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @RepeatedTest(3)
  void flowResumesAfterTheStorageEndedAllConnections() {
    resumesAfterCutting(storage);
  }

  @RepeatedTest(3)
  void flowResumesAfterTheSourceEndedAllConnections() {
    resumesAfterCutting(source);
  }

  private static void resumesAfterCutting(TestPostgres.Database database) {
    String before = insert();
    Await.until("the row arrives", SOON, () -> synced(before));
    assertThat(
            database.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                    + database.name()
                    + "' AND pid <> pg_backend_pid()"))
        .hasSizeGreaterThan(1);
    String after = insert();
    Await.until("the row arrives in time", PROMISED, () -> synced(after));
  }

  private static String insert() {
    String id = "row-" + ++rows;
    source.execute("INSERT INTO lists VALUES ('" + id + "')");
    return id;
  }

  /** Whether a client that comes now gets a complete checkpoint with this row. */
  private static boolean synced(String id) {
    try (StreamConnection stream =
        StreamConnection.ofUser(server.uri(), "ann", "{\"raw_data\": true, \"buckets\": []}")) {
      boolean seen = false;
      while (stream.status() == 200
          && stream.next(LINE).orElse(null) instanceof StreamConnection.Line line) {
        seen |= line.text().contains('"' + id + '"');
        if (line.json().has("checkpoint_complete")) {
          return seen;
        }
      }
      return false;
    }
  }
}
