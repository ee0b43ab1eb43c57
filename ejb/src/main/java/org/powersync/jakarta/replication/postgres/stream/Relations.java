package org.powersync.jakarta.replication.postgres.stream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.RelationLayout;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.replication.postgres.snapshot.InlineCopy;
import org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue;
import org.powersync.jakarta.replication.postgres.snapshot.UnavailableRows;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
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
  private final UnavailableRows unavailable;
  private final InlineCopy inlineCopy;
  private final Map<Long, Entry> byOid = new HashMap<>();
  private final Deque<SourceTable> toCopy = new ArrayDeque<>();
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

  Relations(PostgresAttempt attempt, BucketWriter writer, UnavailableRows unavailable) {
    this.attempt = attempt;
    this.writer = writer;
    this.unavailable = unavailable;
    this.inlineCopy = new InlineCopy(attempt, writer);
  }

  /**
   * Takes a description: finds or makes the record, begins to copy the table when it is not copied.
   *
   * @return false when the running copy is in the way: {@link #copied} first, then again
   */
  boolean describe(Relation relation) {
    resolveTypes(relation);
    BucketWriter.ResolvedTables resolved =
        writer.resolveTables(descriptor(relation, name(relation)));
    boolean outdates = !resolved.outdated().isEmpty();
    if (copying() && (outdates || incomplete(resolved.table()) || copying(relation.oid()))) {
      return false;
    }
    if (outdates) {
      replace(relation, resolved);
    } else {
      take(relation, resolved.table());
    }
    beginCopy();
    return true;
  }

  /** Copies what a failed attempt did not; its tables may not be described again. */
  void copyLeftOvers() {
    writer.tables().stream()
        .filter(table -> incomplete(table) && table.objectId().isPresent())
        .forEach(toCopy::add);
    beginCopy();
  }

  private void take(Relation relation, SourceTable table) {
    byOid.put(relation.oid(), new Entry(layout(relation), table, table.synced()));
    if (incomplete(table)) {
      toCopy.add(table);
    }
  }

  private static boolean incomplete(SourceTable table) {
    return table.synced() && !table.snapshotComplete();
  }

  /** A description contradicts what was known of the table, or of another that had its name. */
  private void replace(Relation relation, BucketWriter.ResolvedTables resolved) {
    Optional<TableName> present = look(relation.oid()).map(CatalogueTable::name);
    if (present.equals(Optional.of(name(relation)))) {
      takeInPlaceOf(resolved.outdated(), relation, resolved.table());
      return;
    }
    // An old description: what is known may be of a later time, such as that of a copy. So it is
    // the present name that counts, and nothing is shown before the change that gave it.
    PgLsn position = attempt.queries().run("reading the position", SourceServer::position);
    writer.raiseBarrier(new Lsn(position.toString()));
    if (present.isPresent()) {
      drop(List.of(resolved.table()));
      BucketWriter.ResolvedTables now = writer.resolveTables(descriptor(relation, present.get()));
      takeInPlaceOf(now.outdated(), relation, now.table());
    } else {
      List<SourceTable> gone = new ArrayList<>(List.of(resolved.table()));
      resolved.outdated().stream().filter(old -> !current(old)).forEach(gone::add);
      drop(gone);
      byOid.put(relation.oid(), new Entry(layout(relation), resolved.table(), false));
    }
    attempt.queries().heartbeat();
  }

  /**
   * Tables that lost their names to others are described only with their next changes, and would be
   * empty until then: they are taken as the catalogue describes them. Their records are there
   * before the old ones go, so that {@link #copyLeftOvers} finds them after a failure in between.
   */
  private void takeInPlaceOf(List<SourceTable> outdated, Relation relation, SourceTable table) {
    List<SourceTable> renamed = new ArrayList<>();
    Map<String, SourceTable> replaced = new LinkedHashMap<>();
    Set<Long> seen = new HashSet<>(Set.of(relation.oid()));
    Deque<SourceTable> lost = new ArrayDeque<>(outdated);
    while (!lost.isEmpty()) {
      SourceTable old = lost.remove();
      replaced.put(old.id(), old);
      if (old.objectId().isPresent() && seen.add(old.objectId().getAsLong())) {
        Optional<BucketWriter.ResolvedTables> now =
            look(old.objectId().getAsLong())
                .filter(found -> found.published() && !found.name().equals(old.table()))
                .map(found -> writer.resolveTables(found.descriptor()));
        now.ifPresent(resolved -> renamed.add(resolved.table()));
        now.ifPresent(resolved -> lost.addAll(resolved.outdated()));
      }
    }
    drop(List.copyOf(replaced.values()));
    take(relation, table);
    renamed.stream().filter(Relations::incomplete).forEach(toCopy::add);
  }

  /** Whether a record is of a table that has this name now. */
  private boolean current(SourceTable record) {
    return record.objectId().isPresent()
        && look(record.objectId().getAsLong())
            .filter(now -> now.name().equals(record.table()))
            .isPresent();
  }

  private Optional<CatalogueTable> look(long oid) {
    return attempt
        .queries()
        .run(
            "looking at a table that changed",
            connection -> TableCatalogue.byOid(connection, attempt.options().tag(), oid));
  }

  private void drop(List<SourceTable> records) {
    if (records.isEmpty()) {
      return;
    }
    writer.drop(records);
    unavailable.forget(records);
    records.forEach(old -> attempt.progress().forgetTable(old.table()));
  }

  private void beginCopy() {
    if (copying == null && !toCopy.isEmpty()) {
      SourceTable table = toCopy.remove();
      long oid = table.objectId().orElseThrow();
      copying = new Copying(oid, inlineCopy.begin(oid, table));
    }
  }

  /** Whether tables are being copied. */
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
    copying.bytes += change.remaining() + WalQueue.OVERHEAD;
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
    beginCopy();
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

  private TableName name(Relation relation) {
    return new TableName(attempt.options().tag(), relation.schema(), relation.name());
  }

  private static SourceDescriptor descriptor(Relation relation, TableName name) {
    return new SourceDescriptor(
        1,
        name,
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
