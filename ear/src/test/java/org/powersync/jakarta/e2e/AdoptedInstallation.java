package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Databases as the reference left them, with a source in the state that they belong to; the README
 * beside the vectors says what has to be adapted. The server is not started.
 */
final class AdoptedInstallation implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final JsonNode recorded;
  final TestPostgres.Database source = TestPostgres.shared().createDatabase("adopt_source");
  final TestPostgres.Database storage = TestPostgres.shared().createDatabase("adopt_storage");
  final LibertyServer server;

  /**
   * @param recording {@code NAME.json}, its dump beside it
   */
  AdoptedInstallation(Path recording) {
    try {
      recorded = JSON.readTree(recording.toFile());
      source.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
      source.execute(texts(recorded.at("/source/setup")));
      for (JsonNode transaction : recorded.at("/source/changes")) {
        inOneTransaction(transaction);
      }
      String slot = recorded.at("/state/slot_name").asText();
      source.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
      storage.execute(Files.readString(recording.resolveSibling(recorded.path("dump").asText())));
      adapt(slot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server =
        new LibertyServer(
            "adoption",
            ServiceSettings.of(
                source.uri(), storage.uri(), Optional.of(recorded.path("config").asText())),
            Map.of("JVM_ARGS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
  }

  /** Runs statements on the source, committed together. */
  void inOneTransaction(JsonNode statements) {
    source.execute("BEGIN; " + String.join("; ", texts(statements)) + "; COMMIT");
  }

  private void adapt(String slot) {
    String position =
        source
            .query(
                "SELECT lpad(split_part(confirmed_flush_lsn::text, '/', 1), 8, '0') || '/'"
                    + " || lpad(split_part(confirmed_flush_lsn::text, '/', 2), 8, '0')"
                    + " FROM pg_replication_slots WHERE slot_name = '"
                    + slot
                    + "'")
            .get(0);
    for (String table :
        storage.query("SELECT schema_name || '.' || table_name FROM powersync.source_tables")) {
      String oid = source.query("SELECT '" + table + "'::regclass::oid::text").get(0);
      storage.execute(
          "UPDATE powersync.source_tables SET relation_id = '{\"object_id\": "
              + oid
              + "}' WHERE schema_name || '.' || table_name = '"
              + table
              + "'");
    }
    storage.execute(
        "UPDATE powersync.sync_rules SET last_checkpoint_lsn = '"
            + position
            + "', snapshot_lsn = '"
            + position
            + "', no_checkpoint_before = NULL",
        "UPDATE powersync.write_checkpoints SET lsns = '{\"1\": \"00000000/00000001\"}'");
  }

  private static String[] texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts.toArray(String[]::new);
  }

  /** Slots belong to the whole server, and the next test wants one of the same name. */
  @Override
  public void close() {
    server.kill();
    Await.until(
        "slots are free",
        Duration.ofSeconds(20),
        () -> {
          source.execute(
              "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                  + " WHERE database = current_database()");
          return true;
        });
  }
}
