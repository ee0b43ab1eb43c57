package org.powersync.jakarta.replication.postgres.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * section 3.2). A description may drop outdated records and begin to copy a table, one at a time;
 * until its copy is done, changes of that table wait here, bounded in bytes, and nothing may be
 * committed. Applying thread only.
 */
final class Relations {
  /** Changes of a table that wait for its copy; when there are more, the stream waits too. */
  private static final long MAX_WAITING_BYTES = 16L << 20;

  private final PostgresAttempt attempt;
  private final BucketWriter writer;
  private final InlineCopy inlineCopy;
  private final Map<Long, Entry> byOid = new HashMap<>();
  private Copying copying;

  /**
   * @param applies false when changes of this table are ignored
   */
  record Entry(RelationLayout layout, SourceTable table, boolean applies) {}

  private static final class Copying {
    final long oid;
    final InlineCopy.Running copy;
    final List<ByteBuffer> waiting = new ArrayList<>();
    long bytes;

    Copying(long oid, InlineCopy.Running copy) {
      this.oid = oid;
      this.copy = copy;
    }
  }

  Relations(PostgresAttempt attempt, BucketWriter writer) {
    this.attempt = attempt;
    this.writer = writer;
    this.inlineCopy = new InlineCopy(attempt, writer);
  }

  /**
   * Takes a description: finds or makes the record, begins to copy the table when it is not copied.
   *
   * @return false when the running copy is in the way: {@link #copied} first, then again
   */
  boolean describe(Relation relation) {
    resolveTypes(relation);
    BucketWriter.ResolvedTables resolved = writer.resolveTables(descriptor(relation));
    SourceTable table = resolved.table();
    boolean toCopy = table.synced() && !table.snapshotComplete();
    if (copying() && (toCopy || copying(relation.oid()) || !resolved.outdated().isEmpty())) {
      return false;
    }
    if (!resolved.outdated().isEmpty()) {
      writer.drop(resolved.outdated());
      resolved.outdated().forEach(old -> attempt.progress().forgetTable(old.table()));
    }
    if (toCopy) {
      copying = new Copying(relation.oid(), inlineCopy.begin(relation.oid(), table));
    }
    byOid.put(relation.oid(), new Entry(layout(relation), table, table.synced()));
    return true;
  }

  /** Whether a table is being copied. */
  boolean copying() {
    return copying != null;
  }

  /** Whether this table is being copied. */
  boolean copying(long oid) {
    return copying != null && copying.oid == oid;
  }

  /**
   * Keeps a change of the table that is being copied.
   *
   * @return false when too much waits already
   */
  boolean postpone(ByteBuffer change) {
    copying.bytes += change.remaining();
    if (copying.bytes > MAX_WAITING_BYTES) {
      return false;
    }
    copying.waiting.add(change);
    return true;
  }

  /**
   * Takes note that the copy is done.
   *
   * @param wait for the end of the copy
   * @return the changes that waited for it, in order; empty while it is not done
   */
  Optional<List<ByteBuffer>> copied(boolean wait) throws InterruptedException {
    if (copying == null || !wait && !copying.copy.done()) {
      return Optional.empty();
    }
    InlineCopy.Result result = copying.copy.finish();
    byOid.computeIfPresent(
        copying.oid, (oid, entry) -> new Entry(entry.layout(), result.table(), result.usable()));
    List<ByteBuffer> waiting = copying.waiting;
    copying = null;
    return Optional.of(waiting);
  }

  /** Ends the running copy early. */
  void abandonCopy() {
    if (copying != null) {
      copying.copy.abandon();
    }
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
