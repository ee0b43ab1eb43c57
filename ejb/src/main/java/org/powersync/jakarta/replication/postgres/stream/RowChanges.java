package org.powersync.jakarta.replication.postgres.stream;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage;
import org.powersync.jakarta.replication.postgres.pgoutput.RelationLayout;
import org.powersync.jakarta.replication.postgres.pgoutput.Tuple;
import org.powersync.jakarta.replication.postgres.type.NestingTooDeepException;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** Turns changes of the stream into changes for storage (replication section 3.4). Stateless. */
final class RowChanges {
  private static final Logger LOG = Logger.getLogger(RowChanges.class.getName());

  private RowChanges() {}

  /** The change for storage; empty when its row cannot be synced and nothing is to be removed. */
  static Optional<RowChange> of(
      PgOutputMessage.RowChange change, RelationLayout layout, SourceTable table) {
    if (change instanceof PgOutputMessage.Insert insert) {
      return insert(insert, layout, table);
    } else if (change instanceof PgOutputMessage.Update update) {
      return Optional.of(update(update, layout, table));
    } else {
      PgOutputMessage.Delete delete = (PgOutputMessage.Delete) change;
      return Optional.of(
          new RowChange.Delete(
              table,
              ReplicaId.of(layout.identity(delete.before(), null)),
              before(delete.before(), layout, table)));
    }
  }

  private static Optional<RowChange> insert(
      PgOutputMessage.Insert insert, RelationLayout layout, SourceTable table) {
    try {
      RelationLayout.IdentifiedRow after = layout.insert(insert);
      return Optional.of(new RowChange.Insert(table, after.row(), ReplicaId.of(after.identity())));
    } catch (NestingTooDeepException e) {
      warn(table, e);
      return Optional.empty();
    }
  }

  private static RowChange update(
      PgOutputMessage.Update update, RelationLayout layout, SourceTable table) {
    Optional<ReplicaId> before =
        Optional.ofNullable(update.before())
            .map(tuple -> ReplicaId.of(layout.identity(tuple, null)));
    try {
      RelationLayout.IdentifiedRow after = layout.after(update);
      return new RowChange.Update(
          table,
          before,
          before(update.before(), layout, table),
          after.row(),
          ReplicaId.of(after.identity()));
    } catch (NestingTooDeepException e) {
      // What clients hold of the row is outdated: better no row than a wrong one.
      warn(table, e);
      return new RowChange.Delete(
          table,
          before.orElseGet(() -> ReplicaId.of(layout.identity(update.after(), update.before()))),
          before(update.before(), layout, table));
    }
  }

  /** The old row; only events ask for it, so only for them it is decoded. */
  private static Optional<SourceRow> before(
      Tuple before, RelationLayout layout, SourceTable table) {
    if (before == null || !table.triggersEvents()) {
      return Optional.empty();
    }
    try {
      return Optional.of(layout.row(before, null));
    } catch (NestingTooDeepException e) {
      return Optional.empty();
    }
  }

  private static void warn(SourceTable table, NestingTooDeepException e) {
    LOG.log(
        Level.WARNING,
        "A row of {0} is not synced: {1}",
        new Object[] {table.table(), e.getMessage()});
  }
}
