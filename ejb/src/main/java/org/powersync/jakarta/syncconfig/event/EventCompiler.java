package org.powersync.jakarta.syncconfig.event;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.TableSelect;
import org.powersync.jakarta.syncconfig.yaml.EventDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Compiles event definitions, reporting everything that is wrong with them. */
public final class EventCompiler {
  private final CompilerSettings settings;
  private final Messages messages;

  public EventCompiler(CompilerSettings settings, Messages messages) {
    this.settings = settings;
    this.messages = messages;
  }

  /**
   * The events that a stored plan names.
   *
   * @param descriptors the payload queries of each event
   * @throws PowerSyncException PSYNC_R0001 when a query cannot be compiled
   */
  public static List<Event> ofStored(
      Map<String, List<String>> descriptors, CompilerSettings settings) {
    List<Event> events = new ArrayList<>();
    descriptors.forEach(
        (name, payloads) -> {
          Messages messages = new Messages("");
          events.add(
              new EventCompiler(settings, messages)
                  .compile(EventDefinition.stored(name, payloads)));
          if (messages.hasFatal()) {
            throw new PowerSyncException(
                    ErrorCode.PSYNC_R0001,
                    "The stored sync plan has an event that cannot be compiled; deploy the sync"
                        + " config again")
                .with("event", name)
                .with("errors", messages.toList());
          }
        });
    return events;
  }

  /** The event; of no use once there is a fatal message. */
  public Event compile(EventDefinition definition) {
    List<Event.Payload> payloads = new ArrayList<>();
    Set<TablePattern> tables = new HashSet<>();
    for (SqlText sql : definition.payloads()) {
      QueryReport report = new QueryReport(sql, messages);
      Optional<TableSelect> query =
          report.select().flatMap(select -> TableSelect.open(select, settings, report));
      if (query.isPresent()) {
        if (!tables.add(query.get().pattern())) {
          report.fatal(
              "event-duplicate-table",
              "An event takes one payload query for each table; only the first would be used");
        }
        payloads.add(payload(query.get()));
      }
    }
    return new Event(definition.name(), payloads);
  }

  /** A condition is not looked at: every row of the table is an event. */
  private Event.Payload payload(TableSelect query) {
    ClauseCompiler clauses =
        new ClauseCompiler(query.scope(), settings.fixedJson(), query.report());
    return new Event.Payload(
        query.report().sql().text(), query.projection(clauses, TableSelect.Id.OPTIONAL));
  }
}
