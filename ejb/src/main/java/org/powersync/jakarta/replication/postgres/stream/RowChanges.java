package org.powersync.jakarta.replication.postgres.stream;

import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage;
import org.powersync.jakarta.replication.postgres.pgoutput.RelationLayout;
import org.powersync.jakarta.replication.postgres.pgoutput.Tuple;
import org.powersync.jakarta.replication.postgres.type.UndecodableValueException;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Turns changes of the stream into changes for storage (replication section 3.4). A row that cannot
 * be decoded is reported to the writer and left out.
 */
final class RowChanges {
  private final BucketWriter writer;

  RowChanges(BucketWriter writer) {
    this.writer = writer;
  }

  /** The change for storage; empty when its row cannot be synced and nothing is to be removed. */
  Optional<RowChange> of(
      PgOutputMessage.RowChange change, RelationLayout layout, SourceTable table) {
    if (change instanceof PgOutputMessage.Insert insert) {
      return insert(insert, layout, table);
    } else if (change instanceof PgOutputMessage.Update update) {
      return update(update, layout, table);
    } else {
      PgOutputMessage.Delete delete = (PgOutputMessage.Delete) change;
      return identity(layout, delete.before(), null)
          .map(id -> new RowChange.Delete(table, id, before(delete.before(), layout, table)));
    }
  }

  private Optional<RowChange> insert(
      PgOutputMessage.Insert insert, RelationLayout layout, SourceTable table) {
    try {
      RelationLayout.IdentifiedRow after = layout.insert(insert);
      return Optional.of(new RowChange.Insert(table, after.row(), ReplicaId.of(after.identity())));
    } catch (UndecodableValueException e) {
      writer.leftOut(table, e);
      return Optional.empty();
    }
  }

  private Optional<RowChange> update(
      PgOutputMessage.Update update, RelationLayout layout, SourceTable table) {
    Optional<ReplicaId> before =
        Optional.ofNullable(update.before()).flatMap(tuple -> identity(layout, tuple, null));
    try {
      RelationLayout.IdentifiedRow after = layout.after(update);
      return Optional.of(
          new RowChange.Update(
              table,
              before,
              before(update.before(), layout, table),
              after.row(),
              ReplicaId.of(after.identity())));
    } catch (UndecodableValueException e) {
      writer.leftOut(table, e);
      // What clients hold of the row is outdated: better no row than a wrong one.
      Optional<ReplicaId> stored =
          update.before() == null ? identity(layout, update.after(), null) : before;
      return stored.map(
          id -> new RowChange.Delete(table, id, before(update.before(), layout, table)));
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
    } catch (UndecodableValueException e) {
      return Optional.empty();
    }
  }

  /** Empty when a value of the identity cannot be decoded: then the row was never stored. */
  private static Optional<ReplicaId> identity(RelationLayout layout, Tuple tuple, Tuple before) {
    try {
      return Optional.of(ReplicaId.of(layout.identity(tuple, before)));
    } catch (UndecodableValueException e) {
      return Optional.empty();
    }
  }
}
