package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Changes of tables that event definitions name are told to listeners (storage section 5.3). */
class EventsIT {
  private static final String CONFIG =
      StorageCase.definition("g", "SELECT id, d FROM test")
          + """
          event_definitions:
            changed:
              payloads:
                - SELECT id, d AS description FROM test
                - SELECT id, json_extract(d, '$.a') AS a FROM log
          """;

  private final List<RowEvent> events = new ArrayList<>();

  @Test
  void everyChangeIsAnEvent() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourceTable test = c.table("test");
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnEvent(events::add));
      writer.save(insert(test, row("id", "a", "d", "1")));
      writer.save(update(test, row("id", "a", "d", "2")));
      writer.save(delete(test, "a"));
      assertThat(texts())
          .containsExactly(
              "changed INSERT {\"id\":\"a\",\"description\":\"1\"}",
              "changed UPDATE {\"id\":\"a\",\"description\":\"2\"}",
              "changed DELETE ");
      writer.flush();
      assertThat(c.all("g[]")).hasSize(3);
    }
  }

  @Test
  void anUpdateWithoutUnchangedColumnsHasNoRow() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnEvent(events::add));
      writer.save(update(c.table("test"), row("id", "a", "d", SqlValue.ABSENT)));
      assertThat(texts()).containsExactly("changed UPDATE ");
    }
  }

  @Test
  void tablesOfEventsAloneStoreNothing() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourceTable log = c.table("log", "32");
      assertThat(log.synced()).isTrue();
      assertThat(log.stored()).isFalse();
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnEvent(events::add));
      writer.save(insert(log, row("id", "l", "d", "{\"a\":5}")));
      assertThat(writer.flush()).isEmpty();
      assertThat(texts()).containsExactly("changed INSERT {\"id\":\"l\",\"a\":5}");
      assertThat(c.rows("SELECT 1 FROM powersync.current_data")).isEmpty();
    }
  }

  @Test
  void neitherQueriesNorListenersStopTheWriter() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      BucketWriter writer =
          c.writer(
              WriterOptions.streaming()
                  .withOnEvent(
                      event -> {
                        events.add(event);
                        throw new IllegalStateException("listener");
                      }));
      writer.save(insert(c.table("log", "32"), row("id", "l", "d", "{")));
      writer.save(insert(c.table("test"), row("id", "a", "d", "1")));
      writer.flush();
      assertThat(texts()).containsExactly("changed INSERT {\"id\":\"a\",\"description\":\"1\"}");
      assertThat(c.all("g[]")).hasSize(1);
    }
  }

  private List<String> texts() {
    return events.stream()
        .map(
            event ->
                event.event()
                    + " "
                    + event.operation()
                    + " "
                    + event.row().map(r -> new String(r.json(), StandardCharsets.UTF_8)).orElse(""))
        .toList();
  }
}
