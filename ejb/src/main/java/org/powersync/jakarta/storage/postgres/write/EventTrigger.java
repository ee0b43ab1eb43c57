package org.powersync.jakarta.storage.postgres.write;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.RowEvent;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.Evaluated;
import org.powersync.jakarta.syncconfig.EventPayload;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Tells listeners about changes of tables that event definitions name (storage section 5.3, step
 * 2). Neither a query that fails on a row nor a listener that fails stops replication. For the
 * writer's thread.
 */
final class EventTrigger {
  private static final Logger LOG = Logger.getLogger(EventTrigger.class.getName());

  private final GroupId stream;
  private final DeployedSyncConfig config;
  private final RowReports reports;
  private final Consumer<RowEvent> listener;
  private final LogInterval failures = LogInterval.ofSeconds(5);
  private final Map<TableName, TableEvaluator> evaluators = new ConcurrentHashMap<>();

  EventTrigger(
      GroupId stream, DeployedSyncConfig config, RowReports reports, Consumer<RowEvent> listener) {
    this.stream = stream;
    this.config = config;
    this.reports = reports;
    this.listener = listener;
  }

  /**
   * @param keepsCopy whether absent columns are unchanged ones, so that the row is not complete
   */
  void fire(RowChange change, boolean keepsCopy) {
    if (change instanceof RowChange.Insert insert) {
      fire(change.table(), RowEvent.Operation.INSERT, null, insert.after(), keepsCopy);
    } else if (change instanceof RowChange.Update update) {
      SourceRow before = update.before().orElse(null);
      fire(change.table(), RowEvent.Operation.UPDATE, before, update.after(), keepsCopy);
    } else {
      SourceRow before = ((RowChange.Delete) change).before().orElse(null);
      fire(change.table(), RowEvent.Operation.DELETE, before, null, keepsCopy);
    }
  }

  private void fire(
      SourceTable source,
      RowEvent.Operation operation,
      SourceRow before,
      SourceRow after,
      boolean keepsCopy) {
    TableName table = source.table();
    TableEvaluator evaluator = evaluators.computeIfAbsent(table, config::evaluator);
    Map<String, OutputRow> old =
        complete(before, keepsCopy) ? payloads(table, evaluator, before) : Map.of();
    boolean known = complete(after, keepsCopy);
    Map<String, OutputRow> now = known ? payloads(table, evaluator, after) : Map.of();
    // A row on which an event's query fails is an error and no event.
    for (String event : known ? now.keySet() : evaluator.triggeredEvents()) {
      tell(
          new RowEvent(
              stream,
              event,
              table,
              operation,
              Optional.ofNullable(old.get(event)),
              Optional.ofNullable(now.get(event))));
    }
  }

  private static boolean complete(SourceRow row, boolean keepsCopy) {
    return row != null && (!keepsCopy || row.complete());
  }

  private Map<String, OutputRow> payloads(
      TableName table, TableEvaluator evaluator, SourceRow row) {
    Evaluated<EventPayload> events = evaluator.events(row);
    reports.failed(table, events.errors());
    Map<String, OutputRow> payloads = new LinkedHashMap<>();
    events.results().forEach(payload -> payloads.put(payload.event(), payload.data()));
    return payloads;
  }

  private void tell(RowEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      if (failures.due()) {
        LOG.log(Level.WARNING, e, () -> "A listener failed on event " + event.event());
      }
    }
  }
}
