package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.rid;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.value.SourceRow;
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
  void theRowBeforeIsToldWhereTheSourceSentAllOfIt() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourceTable test = c.table("test");
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnEvent(events::add));
      SourceRow one = row("id", "a", "d", "1");
      SourceRow two = row("id", "a", "d", "2");
      writer.save(insert(test, one));
      writer.save(new RowChange.Update(test, Optional.empty(), Optional.of(one), two, rid("a")));
      writer.save(new RowChange.Delete(test, rid("a"), Optional.of(two)));
      writer.save(
          new RowChange.Delete(test, rid("b"), Optional.of(row("id", "b", "d", SqlValue.ABSENT))));
      assertThat(events)
          .extracting(event -> event.before().map(EventsIT::json).orElse("-"))
          .containsExactly(
              "-",
              "{\"id\":\"a\",\"description\":\"1\"}",
              "{\"id\":\"a\",\"description\":\"2\"}",
              "-");
      assertThat(texts())
          .containsExactly(
              "changed INSERT {\"id\":\"a\",\"description\":\"1\"}",
              "changed UPDATE {\"id\":\"a\",\"description\":\"2\"}",
              "changed DELETE ",
              "changed DELETE ");
      writer.flush();
      assertThat(c.all("g[]")).hasSize(3);
    }
  }

  @Test
  void aQueryThatFailsOnTheRowBeforeStillTellsTheChange() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourceTable log = c.table("log", "32");
      BucketWriter writer = c.writer(WriterOptions.streaming().withOnEvent(events::add));
      writer.save(
          new RowChange.Update(
              log,
              Optional.empty(),
              Optional.of(row("id", "l", "d", "{")),
              row("id", "l", "d", "{\"a\":5}"),
              rid("l")));
      assertThat(events).extracting(RowEvent::before).containsExactly(Optional.empty());
      assertThat(texts()).containsExactly("changed UPDATE {\"id\":\"l\",\"a\":5}");
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

  private static String json(OutputRow row) {
    return new String(row.json(), StandardCharsets.UTF_8);
  }

  private List<String> texts() {
    return events.stream()
        .map(
            event ->
                event.event()
                    + " "
                    + event.operation()
                    + " "
                    + event.row().map(EventsIT::json).orElse(""))
        .toList();
  }
}
