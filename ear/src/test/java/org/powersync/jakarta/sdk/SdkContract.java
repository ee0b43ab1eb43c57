package org.powersync.jakarta.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every SDK must see, over either way to connect. One server for all tests of a class; each
 * brings its own rows, so that none depends on another.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SdkContract {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration AFTER_A_CRASH = Duration.ofSeconds(120);

  /** Named as in the SDKs. */
  private enum Transport {
    HTTP,
    WEB_SOCKET
  }

  private final String program;
  private final Map<String, String> settings;
  private SyncedLists lists;

  @TempDir private Path folder;

  /**
   * @param program file in {@code src/test/sdk}
   * @param settings that only this program needs
   */
  SdkContract(String program, Map<String, String> settings) {
    this.program = program;
    this.settings = settings;
  }

  @BeforeAll
  void start() {
    lists = new SyncedLists(program.replaceFirst("\\..*", ""));
  }

  @AfterAll
  void stop() {
    if (lists != null) {
      lists.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoUsersSyncTheirOwnRowsAndNotEachOthers(Transport transport) {
    try (SdkProgram ann = connected("ann", transport);
        SdkProgram bob = connected("bob", transport)) {
      ann.awaitRows(
          "SELECT id, name FROM lists WHERE id IN ('l-ann', 'l-bob')",
          SOON,
          List.of(Map.of("id", "l-ann", "name", "Groceries")));
      bob.awaitRows(
          "SELECT id, name FROM lists WHERE id IN ('l-ann', 'l-bob')",
          SOON,
          List.of(Map.of("id", "l-bob", "name", "Work")));
      bob.awaitRows(
          "SELECT id, description FROM todos WHERE id IN ('t-ann', 't-bob')",
          SOON,
          List.of(Map.of("id", "t-bob", "description", "Report")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesAtTheSourceArrive(Transport transport) {
    String names = "SELECT id, name FROM lists WHERE name LIKE 'change of %s %%'";
    String seen = names.formatted(transport);
    try (SdkProgram ann = connected("ann", transport)) {
      String id = "c-" + transport;
      lists
          .source()
          .execute(
              "INSERT INTO lists VALUES ('%s', 'change of %s 1', 'ann')".formatted(id, transport));
      ann.awaitRows(seen, SOON, List.of(Map.of("id", id, "name", "change of " + transport + " 1")));

      lists
          .source()
          .execute(
              "UPDATE lists SET name = 'change of %s 2' WHERE id = '%s'".formatted(transport, id));
      ann.awaitRows(seen, SOON, List.of(Map.of("id", id, "name", "change of " + transport + " 2")));

      lists.source().execute("DELETE FROM lists WHERE id = '%s'".formatted(id));
      ann.awaitRows(seen, SOON, List.of());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLocalWriteIsUploadedAndItsWriteCheckpointComesRound(Transport transport) {
    try (SdkProgram ann = connected("ann", transport)) {
      writeAndAwait(ann, "w-" + transport);
    }
  }

  @Test
  void aCheckpointIsRequestedUnderTheClientsOwnNumber() {
    try (SdkProgram ann = program("ann", Map.of("transport", "HTTP", "checkpoints", "requests"))) {
      ann.connect();
      writeAndAwait(ann, "w-requests");
    }
  }

  private void writeAndAwait(SdkProgram ann, String id) {
    ann.awaitRows("SELECT id FROM lists WHERE id = 'l-ann'", SOON, List.of(Map.of("id", "l-ann")));
    ann.execute(
        "INSERT INTO lists (id, name, owner_id) VALUES ('%s', 'written here', 'ann')"
            .formatted(id));
    ann.awaitUploads(SOON);
    // The backend's change of the same row wins over what was written here.
    lists.source().execute("UPDATE lists SET name = 'seen there' WHERE id = '%s'".formatted(id));
    ann.awaitRows(
        "SELECT name FROM lists WHERE id = '%s'".formatted(id),
        SOON,
        List.of(Map.of("name", "seen there")));
    ann.execute("DELETE FROM lists WHERE id = '%s'".formatted(id));
    ann.awaitUploads(SOON);
    ann.awaitRows("SELECT id FROM lists WHERE id = '%s'".formatted(id), SOON, List.of());
  }

  @Test
  void aServerKilledInTheMiddleLosesNothing() {
    try (SdkProgram ann = connected("ann", Transport.HTTP);
        SdkProgram bob = connected("bob", Transport.WEB_SOCKET)) {
      ann.awaitRows(
          "SELECT id FROM lists WHERE id = 'l-ann'", SOON, List.of(Map.of("id", "l-ann")));
      bob.awaitRows(
          "SELECT id FROM lists WHERE id = 'l-bob'", SOON, List.of(Map.of("id", "l-bob")));

      lists
          .source()
          .execute(
              "INSERT INTO todos SELECT 'k-' || owner || n, 'l-' || owner, 'kill ' || n"
                  + " FROM generate_series(1, 5000) n, unnest('{ann,bob}'::text[]) owner");
      lists.server().kill();
      lists
          .source()
          .execute(
              "UPDATE todos SET description = 'changed' WHERE id LIKE 'k-%5'",
              "DELETE FROM todos WHERE id LIKE 'k-%7'");
      ann.execute(
          "INSERT INTO lists (id, name, owner_id) VALUES ('k-ann', 'while it was away', 'ann')");
      lists.server().start();

      for (SdkProgram each : List.of(ann, bob)) {
        each.awaitRows(
            "SELECT count(*) AS n, sum(description = 'changed') AS changed"
                + " FROM todos WHERE id LIKE 'k-%'",
            AFTER_A_CRASH, List.of(Map.of("n", "4500", "changed", "500")));
      }
      ann.awaitUploads(AFTER_A_CRASH);
    }
  }

  private SdkProgram connected(String user, Transport transport) {
    SdkProgram client = program(user, Map.of("transport", transport.name()));
    client.connect();
    return client;
  }

  private SdkProgram program(String user, Map<String, String> options) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(options);
    all.put("service", lists.server().uri().toString());
    all.put("backend", lists.backend().uri(user).toString());
    try {
      return new SdkProgram(program, all, Files.createTempDirectory(folder, user));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
