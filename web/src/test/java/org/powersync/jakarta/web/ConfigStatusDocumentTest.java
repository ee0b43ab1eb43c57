package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.diagnostics.ConfigDescription;
import org.powersync.jakarta.diagnostics.ConfigStatus;
import org.powersync.jakarta.diagnostics.Diagnostics;
import org.powersync.jakarta.diagnostics.Finding;
import org.powersync.jakarta.replication.SourceInspection.ConnectionStatus;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.SourceInspection.WalBudgetReport;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.describe.DefinitionText;

class ConfigStatusDocumentTest {
  private static final Instant TIME = Instant.parse("2026-11-25T12:00:00Z");

  private static void assertJson(Map<String, Object> document, String expected) {
    ObjectMapper json = new ObjectMapper();
    try {
      assertThat(json.readTree(json.writeValueAsBytes(document)))
          .isEqualTo(json.readTree(expected));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TableInfo table(String name, Optional<String> pattern, Issue... errors) {
    return new TableInfo("public", name, pattern, List.of("id"), true, false, List.of(errors));
  }

  private static ConfigStatus status() {
    return new ConfigStatus(
        Optional.of("the text"),
        List.of(
            new ConfigStatus.Connection(
                "default",
                "default",
                "slot",
                new ConfigStatus.Progress(
                    true,
                    Optional.of(new Lsn("0/5")),
                    Optional.of(TIME),
                    Optional.of(TIME.plusNanos(1_234_567))),
                OptionalLong.of(7),
                Optional.of(
                    new WalBudgetReport("reserved", OptionalLong.of(1), OptionalLong.empty())),
                List.of(
                    table("lists", Optional.empty()),
                    table("log_1", Optional.of("log_%"), new Issue(Level.WARNING, "odd"))))),
        List.of(
            new Finding(
                Level.WARNING,
                "unknown table",
                Optional.of(TIME),
                Optional.of(new Finding.Location(3, 9))),
            new Finding(Level.FATAL, "broken", Optional.empty(), Optional.empty())));
  }

  @Test
  void writesTheStatusOfADeployedConfig() {
    assertJson(
        ConfigStatusDocument.status(status(), true),
        """
        {"content": "the text",
         "connections": [{"id": "default", "tag": "default", "slot_name": "slot",
           "initial_replication_done": true, "last_lsn": "0/5",
           "last_checkpoint_ts": "2026-11-25T12:00:00.000Z",
           "last_keepalive_ts": "2026-11-25T12:00:00.001Z",
           "replication_lag_bytes": 7, "wal_status": "reserved", "safe_wal_size": 1,
           "tables": [
             {"schema": "public", "name": "lists", "replication_id": ["id"],
              "data_queries": true, "parameter_queries": false, "errors": []},
             {"schema": "public", "name": "log_1", "pattern": "log_%", "replication_id": ["id"],
              "data_queries": true, "parameter_queries": false,
              "errors": [{"level": "warning", "message": "odd"}]}]}],
         "errors": [
           {"level": "warning", "message": "unknown table", "ts": "2026-11-25T12:00:00.000Z",
            "location": {"start_offset": 3, "end_offset": 9}},
           {"level": "fatal", "message": "broken"}]}
        """);
    assertThat(ConfigStatusDocument.status(status(), false)).doesNotContainKey("content");
  }

  @Tag("http-diagnostics-shape")
  @Test
  void writesDiagnosticsWithWhatThereIs() {
    Diagnostics.Source source =
        new Diagnostics.Source(
            "default",
            "postgresql://h:5432/d",
            new ConnectionStatus(false, List.of(new Issue(Level.FATAL, "refused"))));
    assertJson(
        ConfigStatusDocument.diagnostics(
            new Diagnostics.Report(Optional.of(source), Optional.empty(), Optional.empty()), true),
        """
        {"connections": [{"id": "default", "postgres_uri": "postgresql://h:5432/d",
          "connected": false, "errors": [{"level": "fatal", "message": "refused"}]}]}
        """);
    assertJson(
        ConfigStatusDocument.diagnostics(
            new Diagnostics.Report(Optional.empty(), Optional.empty(), Optional.empty()), true),
        "{\"connections\": []}");
    assertThat(
            ConfigStatusDocument.diagnostics(
                new Diagnostics.Report(
                    Optional.of(source), Optional.of(status()), Optional.of(status())),
                false))
        .containsOnlyKeys("connections", "active_sync_rules", "deploying_sync_rules");
  }

  @Test
  void describesAConfig() {
    ConfigDescription valid =
        new ConfigDescription(
            List.of(),
            List.of("lists"),
            List.of(),
            List.of(
                new PatternTables(
                    "public", "lists", false, List.of(table("lists", Optional.empty()))),
                new PatternTables("public", "log_%", true, List.of())),
            List.of("todo_lists"));
    assertJson(
        ConfigStatusDocument.deployed("slot", "the text", valid),
        """
        {"slot_name": "slot", "content": "the text", "valid": true,
         "bucket_definitions": ["stream lists"],
         "source_tables": [
           {"schema": "public", "pattern": "lists", "wildcard": false,
            "table": {"schema": "public", "name": "lists", "replication_id": ["id"],
              "data_queries": true, "parameter_queries": false, "errors": []}},
           {"schema": "public", "pattern": "log_%", "wildcard": true, "tables": []}],
         "data_tables": {"todo_lists": [{"query": "SELECT 1"}]}}
        """);
    assertJson(
        ConfigStatusDocument.description(
            new ConfigDescription(List.of("wrong"), List.of(), List.of(), List.of(), List.of())),
        "{\"valid\": false, \"errors\": [\"wrong\"]}");
  }

  @Test
  void describesBucketDefinitions() {
    DefinitionText definition =
        new DefinitionText(
            "a",
            List.of(),
            List.of("SELECT"),
            List.of(),
            List.of(
                new DefinitionText.Data(
                    "SELECT id, x FROM notes",
                    new TablePattern("default", "public", "notes"),
                    "notes",
                    List.of("id", "x"))));
    assertJson(
        ConfigStatusDocument.description(
            new ConfigDescription(
                List.of(), List.of(), List.of(definition), List.of(), List.of("notes"))),
        """
        {"valid": true,
         "bucket_definitions": [{"name": "a", "type": "SYNC_RULE", "bucket_parameters": [],
           "global_parameter_queries": [{"sql": "SELECT"}], "parameter_queries": [],
           "data_queries": [{"sql": "SELECT id, x FROM notes",
             "table": {"tablePattern": "notes", "connectionTag": "default", "schema": "public"},
             "columns": ["id", "x"]}]}],
         "source_tables": [],
         "data_tables": {"notes": [{"query": "SELECT id, x FROM notes"}]}}
        """);
  }
}
