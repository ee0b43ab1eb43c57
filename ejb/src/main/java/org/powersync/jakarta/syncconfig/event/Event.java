package org.powersync.jakarta.syncconfig.event;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.EventPayload;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** An event definition ready to run. Immutable; safe for all threads. */
public final class Event {
  private final String name;
  private final List<Payload> payloads;

  /** A payload query and its text. */
  record Payload(String sql, TableProjection projection) {}

  Event(String name, List<Payload> payloads) {
    this.name = name;
    this.payloads = List.copyOf(payloads);
  }

  /** The tables whose rows trigger it. */
  public List<TablePattern> sourceTables() {
    return payloads.stream().map(payload -> payload.projection().table()).toList();
  }

  /** The first query over this table; empty when its rows do not trigger the event. */
  public Optional<RowQuery<EventPayload>> over(TableName table) {
    return payloads.stream()
        .filter(payload -> payload.projection().table().matches(table))
        .findFirst()
        .map(payload -> new OverTable(payload, table));
  }

  private final class OverTable implements RowQuery<EventPayload> {
    private final String sql;
    private final TableProjection.OfTable projected;

    OverTable(Payload payload, TableName table) {
      this.sql = payload.sql();
      this.projected = payload.projection().of(table);
    }

    @Override
    public String definition() {
      return name;
    }

    @Override
    public String sql() {
      return sql;
    }

    @Override
    public List<EventPayload> evaluate(SourceRow row) {
      return List.of(new EventPayload(name, projected.project(projected.inputs(row)).data()));
    }
  }
}
