package org.powersync.jakarta.storage.postgres.write;

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
      fire(change.table(), RowEvent.Operation.INSERT, insert.after(), keepsCopy);
    } else if (change instanceof RowChange.Update update) {
      fire(change.table(), RowEvent.Operation.UPDATE, update.after(), keepsCopy);
    } else {
      fire(change.table(), RowEvent.Operation.DELETE, null, keepsCopy);
    }
  }

  private void fire(
      SourceTable source, RowEvent.Operation operation, SourceRow row, boolean keepsCopy) {
    TableName table = source.table();
    TableEvaluator evaluator = evaluators.computeIfAbsent(table, config::evaluator);
    if (row == null || keepsCopy && !row.complete()) {
      for (String event : evaluator.triggeredEvents()) {
        tell(new RowEvent(stream, event, table, operation, Optional.empty()));
      }
      return;
    }
    Evaluated<EventPayload> events = evaluator.events(row);
    reports.failed(table, events.errors());
    for (EventPayload payload : events.results()) {
      tell(new RowEvent(stream, payload.event(), table, operation, Optional.of(payload.data())));
    }
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
