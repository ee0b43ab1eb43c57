package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CustomWriteCheckpoint;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.WriterFactory;
import org.powersync.jakarta.storage.postgres.change.BucketChangeLog;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.table.SnapshotRecord;
import org.powersync.jakarta.storage.postgres.table.SourceTables;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/**
 * The writer of one stream on PostgreSQL. Every flush is one or more transactions of its own, on
 * connections that take no part in global transactions; nothing is written once the stream's lock
 * is lost. For one thread, apart from the executor that evaluates rows. Specification: storage
 * section 5.
 */
public final class PostgresBucketWriter implements BucketWriter {
  private static final Logger LOG = Logger.getLogger(PostgresBucketWriter.class.getName());

  private final ReplicationStream stream;
  private final WriterOptions options;
  private final Ownership ownership;
  private final StreamRecord record;
  private final RowReports reports;
  private final EventTrigger events;
  private final PendingChanges pending;
  private final Truncation truncation;
  private final CheckpointCommit checkpointCommit;
  private final CrashWatch crashes;
  private final Activation activation;
  private final SqlTransactions sql;
  private final SourceTables sourceTables;
  private final SnapshotRecord snapshot;
  private final TransactionBarrier barrier;
  private final CurrentDataTable table;
  private final BucketChangeLog changeLog;
  private final QueuedWriteCheckpoints writeCheckpoints;
  private final OwnCommits commits;
  private final LogInterval blockedLog = LogInterval.ofSeconds(5);
  private final Optional<Lsn> resumeLsn;

  /** The last operation written but not yet made visible by this writer. */
  private OptionalLong persistedOp;

  /** Whether this writer has cleared the stream's last failure by writing something. */
  private boolean failureCleared;

  /** Whether the stream's row has to say that this writer wrote something since. */
  private boolean signDue;

  private boolean clearDue;

  /**
   * Opens a writer. The caller holds the stream's lock.
   *
   * @param executor evaluates rows; may run them on the calling thread
   */
  public PostgresBucketWriter(
      WriterFactory.Target target, WriterOptions options, BatchLimits bounds, Executor executor) {
    BatchLimits limits = options.skipExistingRows() ? bounds.forCopies() : bounds;
    DataSource dataSource = target.resources().direct();
    ReplicationStream stream = target.stream();
    DeployedSyncConfig config = target.config();
    BooleanSupplier stillOwner = target.stillOwner();
    this.commits = target.resources().commits();
    this.sourceTables = target.tables();
    this.snapshot = target.snapshot();
    this.barrier = new TransactionBarrier(snapshot);
    this.stream = stream;
    this.options = options;
    this.ownership = new Ownership(stream.id(), stillOwner);
    this.sql = new SqlTransactions(dataSource);
    this.record = new StreamRecord(sql, stream.id());
    this.table = new CurrentDataTable(stream.id(), stream.storageVersion());
    this.reports = new RowReports(stream.id(), options.onFailure());
    this.events = new EventTrigger(stream.id(), config, reports, options.onEvent());
    RowEvaluator evaluator = new RowEvaluator(config, reports);
    ReplicationTransaction transaction = new ReplicationTransaction(sql);
    this.crashes = CrashWatch.begin(sql);
    this.checkpointCommit =
        new CheckpointCommit(sql, stream.id(), target.marks(), ownership, crashes);
    this.changeLog = new BucketChangeLog(sql, stream.name(), !options.skipExistingRows());
    this.writeCheckpoints = new QueuedWriteCheckpoints(sql, stream.id());
    WriteOut writeOut = new WriteOut(table, changeLog);
    this.pending =
        options.skipExistingRows()
            ? new CopiedRows(transaction, table, changeLog, writeOut, evaluator, limits, ownership)
            : new StreamedChanges(
                new ChangeQueue(limits, evaluator, executor),
                new FlushTransaction(
                    transaction,
                    checkpointCommit,
                    writeCheckpoints,
                    table,
                    writeOut,
                    evaluator,
                    limits,
                    ownership,
                    barrier,
                    commits));
    this.truncation = new Truncation(transaction, table, writeOut, limits, ownership);
    this.activation = new Activation(sql, stream.id(), Activation.PATIENCE);
    StreamRecord.Start start = record.start();
    this.resumeLsn = start.resumeLsn();
    this.persistedOp = start.persistedOp();
  }

  @Override
  public Optional<Lsn> resumeLsn() {
    return resumeLsn;
  }

  @Override
  public void beginTransaction(Lsn end) {
    barrier.begin(end);
  }

  @Override
  public Optional<OpId> save(RowChange change) {
    boolean keepsCopy = options.storeCurrentData() && change.table().storeCurrentData();
    if (change.table().triggersEvents()) {
      events.fire(change, keepsCopy);
    }
    if (!change.table().stored()) {
      return Optional.empty();
    }
    pending.add(new QueuedChange(change, keepsCopy));
    return pending.full() ? flush() : Optional.empty();
  }

  @Override
  public void leftOut(SourceTable table, PowerSyncException why) {
    reports.undecodable(table, why);
  }

  @Override
  public void save(CustomWriteCheckpoint checkpoint) {
    writeCheckpoints.add(checkpoint);
  }

  @Override
  public Optional<OpId> flush() {
    if (pending.isEmpty()) {
      writeCheckpoints.store();
      return Optional.empty();
    }
    // A checkpoint, or the end of a copy, waits for the disk; no flush by itself.
    return signed(
        false,
        () -> {
          ownership.check();
          barrier.raise();
          PendingChanges.Flushed flushed = store(Optional.empty());
          writeCheckpoints.store();
          return Optional.of(new OpId(flushed.lastOp()));
        });
  }

  @Override
  public CommitResult commit(Lsn position, boolean createEmptyCheckpoints) {
    return commit(new CheckpointCommit.Request(position, createEmptyCheckpoints, false));
  }

  @Override
  public CommitResult commitIfComplete(Lsn position, boolean createEmptyCheckpoints) {
    return commit(new CheckpointCommit.Request(position, createEmptyCheckpoints, true));
  }

  private CommitResult commit(CheckpointCommit.Request request) {
    return signed(
        true,
        () -> {
          Optional<CheckpointCommit.Outcome> committed = Optional.empty();
          if (!pending.isEmpty()) {
            PendingChanges.Flushed flushed = store(Optional.of(request));
            if (!request.allows(flushed.unavailable())) {
              return CommitResult.ofIncompleteRows();
            }
            committed = flushed.committed();
            if (committed.isPresent()) {
              writeCheckpoints.clear();
            }
          }
          return committed(request.position(), committed.orElseGet(() -> commitAlone(request)));
        });
  }

  private CheckpointCommit.Outcome commitAlone(CheckpointCommit.Request request) {
    writeCheckpoints.store();
    ownership.check();
    return checkpointCommit.commit(request, persistedOp);
  }

  private CommitResult committed(Lsn position, CheckpointCommit.Outcome outcome) {
    if (outcome.written()) {
      crashes.onDisk();
    }
    // The commit itself is a sign of life, and a checkpoint clears the last failure.
    signDue &= !outcome.written();
    clearDue &= !(outcome.written() && outcome.allowed());
    return outcome.allowed() ? visible(outcome) : blocked(position, outcome);
  }

  private CommitResult visible(CheckpointCommit.Outcome outcome) {
    if (outcome.written() && outcome.state() == StreamState.ACTIVE) {
      outcome.checkpoint().toCheckpoint().ifPresent(commits::committed);
    }
    if (outcome.written() && table.softDeletes()) {
      sql.autocommit(
          "forgetting deleted rows",
          connection -> table.purge(connection, outcome.checkpoint().checkpoint().getAsLong()));
    }
    boolean behind =
        outcome.state() == StreamState.PROCESSING && !activation.activate(outcome.checkpoint());
    persistedOp = OptionalLong.empty();
    return new CommitResult(false, outcome.written(), false, behind);
  }

  private CommitResult blocked(Lsn position, CheckpointCommit.Outcome outcome) {
    if (blockedLog.due()) {
      LOG.log(
          Level.INFO,
          "No checkpoint yet at {0} of stream {1}: barrier {2}",
          new Object[] {position, stream.id(), outcome.barrier().map(Lsn::value).orElse("none")});
    }
    return new CommitResult(true, false);
  }

  @Override
  public void include(OpId last) {
    if (last.value() > persistedOp.orElse(0)) {
      persistedOp = OptionalLong.of(last.value());
    }
  }

  @Override
  public Optional<OpId> truncate(List<SourceTable> tables) {
    flush();
    ownership.check();
    barrier.raise();
    return signed(
        true,
        () -> {
          Optional<OpId> lastOp = Optional.empty();
          for (SourceTable source : tables) {
            OptionalLong op = truncation.truncate(source);
            if (op.isPresent()) {
              crashes.stored();
              wrote(op.getAsLong(), true);
              lastOp = Optional.of(new OpId(op.getAsLong()));
            }
          }
          return lastOp;
        });
  }

  @Override
  public void drop(List<SourceTable> tables) {
    truncate(tables);
    flush();
    snapshot.forget(tables, crashes::check);
  }

  @Override
  public ResolvedTables resolveTables(SourceDescriptor source) {
    return sourceTables.resolve(source);
  }

  @Override
  public SourceTable updateProgress(SourceTable source, SnapshotProgress progress) {
    return snapshot.updateProgress(source, progress);
  }

  @Override
  public void raiseBarrier(Lsn position) {
    snapshot.raiseBarrier(position);
  }

  @Override
  public List<SourceTable> markTablesDone(List<SourceTable> tables, Optional<Lsn> barrier) {
    return snapshot.markTablesDone(tables, barrier, crashes::check);
  }

  @Override
  public void markSnapshotDone(Lsn barrier) {
    // Interrupted attempts left operations behind that nothing else would make visible.
    include(new OpId(sql.autocommit("reading the last operation id", OpIdSequence::newest)));
    snapshot.markStreamDone(barrier);
  }

  @Override
  public void markAllSnapshotDone(Lsn barrier) {
    snapshot.markAllDone(barrier);
  }

  @Override
  public void markSnapshotRequired(SourceTable source) {
    snapshot.markStreamNotDone();
  }

  @Override
  public List<SourceTable> tables() {
    return sourceTables.all();
  }

  @Override
  public void setResumeLsn(Lsn position) {
    snapshot.setResumeLsn(position);
  }

  @Override
  public void close() {
    int lost = pending.clear() + writeCheckpoints.clear();
    if (lost > 0) {
      LOG.log(
          Level.WARNING,
          "Writer of stream {0} closed with {1} changes or write checkpoints not flushed",
          new Object[] {stream.id(), lost});
    }
  }

  /**
   * Stores the whole queue, which is not empty; what a failing transaction held stays queued.
   *
   * @param commit to be made with the last of it
   * @return what the transactions did together
   */
  private PendingChanges.Flushed store(Optional<CheckpointCommit.Request> commit) {
    List<RowChange.Update> unavailable = new ArrayList<>();
    boolean wrote = false;
    PendingChanges.Flushed flushed;
    do {
      ownership.check();
      signDue = true;
      flushed = pending.flush(commit.filter(request -> request.allows(unavailable)));
      if (flushed.committed().isEmpty()) {
        crashes.stored();
      }
      wrote |= flushed.wrote();
      wrote(flushed.lastOp(), flushed.wrote());
      changeLog.flushed(flushed.lastOp());
      unavailable.addAll(flushed.unavailable());
      flushed.unavailable().forEach(options.onUnavailable());
    } while (!pending.isEmpty());
    return new PendingChanges.Flushed(flushed.lastOp(), wrote, unavailable, flushed.committed());
  }

  private void wrote(long lastOp, boolean effective) {
    persistedOp = OptionalLong.of(lastOp);
    signDue = true;
    if (effective && !failureCleared) {
      failureCleared = true;
      clearDue = true;
    }
  }

  /**
   * Does some work and brings the stream's row up to date with it, also when it failed, in one
   * statement and only if nothing else did.
   *
   * @param durably whether to wait until the disk has it
   */
  private <T> T signed(boolean durably, Supplier<T> work) {
    T result;
    try {
      result = work.get();
    } catch (RuntimeException failure) {
      try {
        sign(durably);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
    sign(durably);
    return result;
  }

  private void sign(boolean durably) {
    if (signDue || clearDue) {
      record.signOfLife(clearDue, durably);
      signDue = false;
      clearDue = false;
    }
  }
}
