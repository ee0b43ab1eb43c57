package org.powersync.jakarta.replication.postgres.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.RelationLayout;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.replication.postgres.snapshot.InlineCopy;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * The tables of the stream by OID, as last described, with their records in storage (replication
 * section 3.2). A description may drop outdated records and copy a table. Applying thread only.
 */
final class Relations {
  private final PostgresAttempt attempt;
  private final BucketWriter writer;
  private final InlineCopy inlineCopy;
  private final Map<Long, Entry> byOid = new HashMap<>();

  /**
   * @param applies false when changes of this table are ignored
   */
  record Entry(RelationLayout layout, SourceTable table, boolean applies) {}

  Relations(PostgresAttempt attempt, BucketWriter writer) {
    this.attempt = attempt;
    this.writer = writer;
    this.inlineCopy = new InlineCopy(attempt, writer);
  }

  /** Takes a description: finds or makes the record, copies the table when it is not copied. */
  void describe(Relation relation) throws InterruptedException {
    resolveTypes(relation);
    BucketWriter.ResolvedTables resolved = writer.resolveTables(descriptor(relation));
    if (!resolved.outdated().isEmpty()) {
      writer.drop(resolved.outdated());
      resolved.outdated().forEach(table -> attempt.progress().forgetTable(table.table()));
    }
    SourceTable table = resolved.table();
    boolean applies = table.synced();
    if (applies && !table.snapshotComplete()) {
      InlineCopy.Result copied = inlineCopy.run(relation.oid(), table);
      table = copied.table();
      applies = copied.usable();
    }
    byOid.put(relation.oid(), new Entry(layout(relation), table, applies));
  }

  /** The table of an OID; the server describes every table before its first change. */
  Entry get(long oid) {
    if (attempt.types().stale()) {
      refreshTypes();
    }
    Entry entry = byOid.get(oid);
    if (entry == null) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1101, "A change of a table that was not described before")
          .with("oid", oid);
    }
    return entry;
  }

  private void resolveTypes(Relation relation) {
    attempt
        .queries()
        .run(
            "reading the types of a table",
            connection -> {
              attempt.types().refresh(connection, relation.typeOids());
              return null;
            });
  }

  private void refreshTypes() {
    boolean changed =
        attempt
            .queries()
            .run("reading types again", connection -> attempt.types().refreshStale(connection));
    if (changed) {
      byOid.replaceAll(
          (oid, entry) ->
              new Entry(layout(entry.layout().relation()), entry.table(), entry.applies()));
    }
  }

  private RelationLayout layout(Relation relation) {
    return RelationLayout.of(relation, attempt.types(), attempt.compatibility());
  }

  private SourceDescriptor descriptor(Relation relation) {
    return new SourceDescriptor(
        1,
        new TableName(attempt.options().tag(), relation.schema(), relation.name()),
        OptionalLong.of(relation.oid()),
        relation.identityColumns().stream()
            .map(column -> CatalogueTable.identityColumn(column.name(), column.typeOid()))
            .toList(),
        relation.identity() == ReplicaIdentity.FULL);
  }

  /** The records of tables that are replicated, for a truncate. */
  List<SourceTable> truncated(List<Long> oids) {
    List<SourceTable> tables = new ArrayList<>();
    for (Long oid : oids) {
      Entry entry = get(oid);
      if (entry.applies()) {
        tables.add(entry.table());
      }
    }
    return tables;
  }
}
