package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;

/**
 * Copies a table that appears while the source is followed: new, renamed, or with another identity
 * (replication section 2.8). Always from its beginning. Begins and ends on the applying thread,
 * with its writer; in between the copy has threads and writers of its own, and the stream goes on.
 */
public final class InlineCopy {
  private static final Logger LOG = Logger.getLogger(InlineCopy.class.getName());

  private final PostgresAttempt attempt;
  private final BucketWriter writer;

  public InlineCopy(PostgresAttempt attempt, BucketWriter writer) {
    this.attempt = attempt;
    this.writer = writer;
  }

  /**
   * @param usable false when the table is not any more what the stream said: ignore its changes
   *     until it is described again
   */
  public record Result(SourceTable table, boolean usable) {}

  /** A copy that has begun. Applying thread only. */
  public interface Running {
    /** Whether {@link #finish} would not wait. */
    boolean done();

    /** Waits for the end of the copy; throws what ended it early. */
    Result finish() throws InterruptedException;

    /** Ends the copy early, and returns when nothing of it goes on. */
    void abandon();
  }

  /** Begins to copy the table with this OID into a record that was resolved for it. */
  public Running begin(long oid, SourceTable record) {
    writer.truncate(List.of(record));
    Found found = find(oid, record);
    if (found.table().isEmpty()) {
      return nothingToCopy(record, found.seenAt());
    }
    LOG.log(Level.INFO, "Copying table {0} while following the source", record.table());
    CatalogueTable table = found.table().get();
    attempt.progress().table(table.name(), table.estimatedRows(), 0, false);
    CopyPlan plan = CopyPlan.of(attempt, table, record, Optional.empty());
    return new Background(new TableCopy(attempt, table, record, plan, 0));
  }

  /**
   * The table is not there as described any more. Its rows are missing from here to the change that
   * took it away, so no checkpoint may be made in between. Its record goes, too: it would be taken
   * for a copied one when the table is described like this again.
   */
  private Running nothingToCopy(SourceTable record, PgLsn seenAt) {
    LOG.log(
        Level.INFO,
        "Table {0} has changed again since; not copied for this description",
        record.table());
    writer.raiseBarrier(new Lsn(seenAt.toString()));
    writer.drop(List.of(record));
    attempt.queries().heartbeat();
    return new NothingToCopy(new Result(record, false));
  }

  /**
   * @param table as it is now, if it is still what was described
   * @param seenAt a position behind all that made it so
   */
  private record Found(Optional<CatalogueTable> table, PgLsn seenAt) {}

  private Found find(long oid, SourceTable record) {
    try (Connection connection = attempt.connections().snapshot()) {
      Optional<CatalogueTable> table =
          TableCatalogue.byOid(connection, attempt.options().tag(), oid)
              .filter(now -> matches(now, record));
      return new Found(table, SourceServer.position(connection));
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "looking at " + record.table());
    }
  }

  /** The copy shows the table as of now, the stream's description as of its position. */
  private static boolean matches(CatalogueTable table, SourceTable record) {
    List<String> columns = table.columnNames();
    return table.published()
        && table.name().equals(record.table())
        && record.identity().stream().map(IdentityColumn::name).allMatch(columns::contains);
  }

  private record NothingToCopy(Result result) implements Running {
    @Override
    public boolean done() {
      return true;
    }

    @Override
    public Result finish() {
      return result;
    }

    @Override
    public void abandon() {}
  }

  private final class Background implements Running {
    private final TableCopy copy;
    private final FutureTask<OpId> task = new FutureTask<>(this::copy);
    private final Thread thread;

    Background(TableCopy copy) {
      this.copy = copy;
      this.thread = attempt.threads().newThread(task);
      thread.start();
    }

    private OpId copy() throws InterruptedException {
      try (CopyWriters writers = new CopyWriters(attempt)) {
        return writers.copy(List.of(copy));
      }
    }

    @Override
    public boolean done() {
      return task.isDone();
    }

    @Override
    public Result finish() throws InterruptedException {
      try {
        writer.include(task.get());
      } catch (ExecutionException e) {
        throw CopyRun.rethrow(e.getCause());
      }
      attempt.queries().heartbeat();
      return new Result(copy.record(), true);
    }

    @Override
    public void abandon() {
      boolean interrupted = false;
      thread.interrupt();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
