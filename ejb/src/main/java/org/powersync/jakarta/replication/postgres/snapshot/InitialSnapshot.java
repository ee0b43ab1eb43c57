package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Copies the tables of a stream that are not copied yet, several at a time, and marks the stream as
 * copied (replication section 2). Can be interrupted and run again at any point. One thread.
 */
public final class InitialSnapshot {
  private static final Logger LOG = Logger.getLogger(InitialSnapshot.class.getName());

  private final PostgresAttempt attempt;

  public InitialSnapshot(PostgresAttempt attempt) {
    this.attempt = attempt;
  }

  private record Found(CatalogueTable table, SourceTable record) {}

  /** Runs until everything is copied; {@code PSYNC_S1103} when stopped. */
  public void run() throws InterruptedException {
    attempt.progress().enter(Phase.SNAPSHOT, "copying tables");
    attempt.progress().forgetTables();
    try (CopyWriters writers = new CopyWriters(attempt)) {
      BucketWriter writer = writers.first();
      List<Found> tables = resolve(writer);
      List<TableCopy> copies = new ArrayList<>();
      for (Found found : tables) {
        if (!found.record().snapshotComplete()) {
          plan(writer, found).ifPresent(copies::add);
        }
      }
      writers.copy(copies);
      dropLeftOvers(writer, tables);
      finish(writer);
    }
  }

  private List<Found> resolve(BucketWriter writer) {
    List<TablePattern> patterns = attempt.attempt().tables().patterns();
    String tag = attempt.options().tag();
    List<CatalogueTable> tables =
        attempt
            .queries()
            .run(
                "looking for tables",
                connection -> TableCatalogue.matching(connection, tag, patterns));
    List<Found> found = new ArrayList<>();
    for (CatalogueTable table : tables) {
      if (!table.published()) {
        LOG.log(Level.INFO, "Table {0} is not in the publication and not replicated", table.name());
        continue;
      }
      warnAbout(table);
      BucketWriter.ResolvedTables resolved = writer.resolveTables(table.descriptor());
      if (!resolved.outdated().isEmpty()) {
        writer.drop(resolved.outdated());
      }
      found.add(new Found(table, resolved.table()));
      report(table, resolved.table());
    }
    return found;
  }

  private void report(CatalogueTable table, SourceTable record) {
    boolean done = record.snapshotComplete();
    attempt
        .progress()
        .table(table.name(), table.estimatedRows(), record.progress().copiedRows(), done);
  }

  private static void warnAbout(CatalogueTable table) {
    if (table.rowsHidden()) {
      LOG.warning(table.hiddenRowsMessage());
    }
    table.filterMessage().ifPresent(LOG::warning);
  }

  private Optional<TableCopy> plan(BucketWriter writer, Found found) {
    attempt.stop().check();
    CatalogueTable table = found.table();
    SourceTable record = found.record();
    if (!record.synced()) {
      writer.markTablesDone(List.of(record), Optional.empty());
      return Optional.empty();
    }
    if (record.identity().isEmpty()) {
      // What an earlier attempt copied of such rows would not be recognized.
      writer.truncate(List.of(record));
    }
    Optional<byte[]> stored = record.progress().lastKey();
    boolean resumes = CopyPlan.resumes(table, record, stored);
    return Optional.of(
        new TableCopy(
            attempt,
            table,
            record,
            CopyPlan.of(attempt, table, record, resumes ? stored : Optional.empty()),
            resumes ? record.progress().copiedRows() : 0));
  }

  /** Records of tables that vanished since an earlier attempt would never be complete (2.5). */
  private void dropLeftOvers(BucketWriter writer, List<Found> tables) {
    Set<String> known = new HashSet<>();
    tables.forEach(found -> known.add(found.record().id()));
    List<SourceTable> leftOvers =
        writer.tables().stream()
            .filter(table -> !table.snapshotComplete() && !known.contains(table.id()))
            .toList();
    if (!leftOvers.isEmpty()) {
      writer.drop(leftOvers);
    }
  }

  private void finish(BucketWriter writer) {
    PgLsn barrier = attempt.queries().run("reading the position", SourceServer::position);
    writer.markSnapshotDone(new Lsn(barrier.toString()));
    // Always blocked by the barrier: it records what is pending without showing it.
    writer.commit(new Lsn(PgLsn.ZERO.toString()), true);
    attempt.queries().heartbeat();
  }
}
