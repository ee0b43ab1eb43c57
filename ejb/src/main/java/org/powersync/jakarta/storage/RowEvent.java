package org.powersync.jakarta.storage;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * A row of a table that an event definition names (sync config section 14, storage section 5.3). In
 * an EE application observe it: {@code void changed(@Observes RowEvent event)}. Events come in the
 * order of the source, on the replicating thread, before the change is durable; after a restart
 * they come again. Do what takes long elsewhere. Immutable.
 *
 * @param stream whose sync config has the definition
 * @param event the definition's name
 * @param before the columns of its query before an update or delete; empty where the source sends
 *     no complete old row, which PostgreSQL does for tables with {@code REPLICA IDENTITY FULL}, and
 *     for one whose key is all of it
 * @param row the columns of its query; empty for a delete, and for an update of which the source
 *     sent no complete row
 */
public record RowEvent(
    GroupId stream,
    String event,
    TableName table,
    Operation operation,
    Optional<OutputRow> before,
    Optional<OutputRow> row) {
  /** What happened to the row. */
  public enum Operation {
    INSERT,
    UPDATE,
    DELETE
  }
}
