package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
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
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Copies the tables of a stream that are not copied yet, one after another, and marks the stream as
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
    try (BucketWriter writer = attempt.attempt().storage().writer(WriterOptions.snapshot())) {
      List<Found> tables = resolve(writer);
      for (Found found : tables) {
        if (!found.record().snapshotComplete()) {
          copy(writer, found);
        }
      }
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

  private void copy(BucketWriter writer, Found found) throws InterruptedException {
    attempt.stop().check();
    if (!found.record().synced()) {
      writer.markTablesDone(List.of(found.record()), Optional.empty());
      return;
    }
    CatalogueTable table = found.table();
    SnapshotProgress progress = found.record().progress();
    boolean resumes = table.key().isPresent() && progress.lastKey().isPresent();
    CopyQueries queries =
        TableCopy.queries(table, found.record(), progress.lastKey(), attempt.chunkRows());
    TableCopy copy =
        new TableCopy(attempt, writer, table, found.record(), resumes ? progress.copiedRows() : 0);
    LOG.log(Level.INFO, "Copying table {0}", table.name());
    try (Connection connection = attempt.connections().snapshot()) {
      PgLsn barrier = copy.run(connection, queries, true);
      connection.commit();
      writer.markTablesDone(List.of(copy.record()), Optional.of(new Lsn(barrier.toString())));
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "copying " + table.name());
    }
    attempt.progress().table(table.name(), copy.copied(), copy.copied(), true);
    LOG.log(Level.INFO, "Copied table {0}: {1} rows", new Object[] {table.name(), copy.copied()});
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
