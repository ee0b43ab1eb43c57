package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.syncconfig.OutputRow;

/** What event definitions tell of rows before and after a change, by replica identity. */
class RowEventsIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        global:
          data: [SELECT id FROM whole]
      event_definitions:
        changed:
          payloads:
            - SELECT id, n FROM whole
            - SELECT id, n FROM keyed
            - SELECT a, b FROM pairs
      """;

  @Test
  void theRowBeforeComesWhereTheSourceSendsIt() {
    try (EngineHarness engine = new EngineHarness("row_events")) {
      engine.execute(
          "CREATE TABLE whole (id text PRIMARY KEY, n int)",
          "ALTER TABLE whole REPLICA IDENTITY FULL",
          "CREATE TABLE keyed (id text PRIMARY KEY, n int)",
          "CREATE TABLE pairs (a text, b text, PRIMARY KEY (a, b))");
      engine.start(Optional.of(CONFIG)).awaitState(1, StreamState.ACTIVE);
      for (String table : List.of("whole", "keyed")) {
        engine.execute(
            "INSERT INTO %s VALUES ('x', 1)".formatted(table),
            "UPDATE %s SET n = 2".formatted(table),
            "UPDATE %s SET id = 'y'".formatted(table),
            "DELETE FROM " + table);
      }
      engine.execute(
          "INSERT INTO pairs VALUES ('x', '1')", "UPDATE pairs SET b = '2'", "DELETE FROM pairs");
      engine.awaitCaughtUp(1);
      assertThat(engine.storage.events())
          .extracting(RowEventsIT::text)
          .containsExactly(
              "whole INSERT - {\"id\":\"x\",\"n\":1}",
              "whole UPDATE {\"id\":\"x\",\"n\":1} {\"id\":\"x\",\"n\":2}",
              "whole UPDATE {\"id\":\"x\",\"n\":2} {\"id\":\"y\",\"n\":2}",
              "whole DELETE {\"id\":\"y\",\"n\":2} -",
              "keyed INSERT - {\"id\":\"x\",\"n\":1}",
              "keyed UPDATE - {\"id\":\"x\",\"n\":2}",
              "keyed UPDATE - {\"id\":\"y\",\"n\":2}",
              "keyed DELETE - -",
              "pairs INSERT - {\"a\":\"x\",\"b\":\"1\"}",
              "pairs UPDATE {\"a\":\"x\",\"b\":\"1\"} {\"a\":\"x\",\"b\":\"2\"}",
              "pairs DELETE {\"a\":\"x\",\"b\":\"2\"} -");
    }
  }

  private static String text(RowEvent event) {
    return String.join(
        " ",
        event.table().name(),
        event.operation().name(),
        json(event.before()),
        json(event.row()));
  }

  private static String json(Optional<OutputRow> row) {
    return row.map(known -> new String(known.json(), StandardCharsets.UTF_8)).orElse("-");
  }
}
