package org.powersync.jakarta.storage;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Writes the changes of one stream. Changes are queued, stored by flush, and become durable and
 * visible by commit; marking tables as copied makes durable what was stored before, too. The owner
 * holds the stream's lock. One thread at a time; several writers of one stream may exist, but only
 * one of them commits. Specification: storage section 5.
 */
public interface BucketWriter extends AutoCloseable {
  /**
   * Where replication goes on: greater of resume position and last checkpoint, read at creation.
   */
  Optional<Lsn> resumeLsn();

  /** Finds or creates the record of a table (5.2). */
  ResolvedTables resolveTables(SourceDescriptor source);

  /**
   * @param table the record to use
   * @param outdated other records of this table, for the caller to drop
   */
  record ResolvedTables(SourceTable table, List<SourceTable> outdated) {}

  /**
   * What follows belongs to a source transaction that ends at this position or behind it. Should a
   * part of it be stored before its commit, no checkpoint below the position is made from then on,
   * also by later writers: after a crash the source sends what came before it once more, while
   * storage holds a part of it already.
   */
  void beginTransaction(Lsn end);

  /**
   * Queues a change; flushes by itself when the queue is full.
   *
   * @return the flushed operation id when it flushed
   */
  Optional<OpId> save(RowChange change);

  /**
   * Queues a custom write checkpoint for the end of the next flush; of several of one user the last
   * counts.
   */
  default void save(CustomWriteCheckpoint checkpoint) {
    throw new UnsupportedOperationException("this storage has no custom write checkpoints");
  }

  /**
   * Reports a row of this table that cannot be synced at all, because a value of it cannot be read;
   * see {@link WriterOptions#onFailure}.
   *
   * @param why holds nothing of the row
   */
  void leftOut(SourceTable table, PowerSyncException why);

  /**
   * Stores everything queued; a server that crashes before a commit may forget it, and with it all
   * that was stored later. Empty when no change was queued.
   */
  Optional<OpId> flush();

  /** Flushes and makes a checkpoint at this position unless one is not yet allowed (5.9). */
  CommitResult commit(Lsn position, boolean createEmptyCheckpoints);

  /**
   * As {@link #commit}, but makes no checkpoint when the flush reports rows that storage does not
   * have completely ({@link WriterOptions#onUnavailable}): store them and commit again.
   */
  CommitResult commitIfComplete(Lsn position, boolean createEmptyCheckpoints);

  /** Commit that always makes a checkpoint where allowed. */
  default CommitResult keepalive(Lsn position) {
    return commit(position, true);
  }

  /**
   * @param blocked the position may not become visible yet; what was written is remembered
   * @param created a checkpoint row was written
   * @param incomplete nothing was committed: rows have to be stored first
   * @param behind the stream would serve now, but the one that serves is at a later position; a
   *     later commit may find it reached
   */
  record CommitResult(boolean blocked, boolean created, boolean incomplete, boolean behind) {
    /** Of a commit that was tried. */
    public CommitResult(boolean blocked, boolean created) {
      this(blocked, created, false, false);
    }

    /** Of a commit that has to be asked for again. */
    public static CommitResult ofIncompleteRows() {
      return new CommitResult(false, false, true, false);
    }
  }

  /**
   * Operations up to this one, flushed by other writers of the stream, become visible with the next
   * commit of this one.
   */
  default void include(OpId last) {}

  /** Removes every row of these tables from all buckets (5.13). */
  Optional<OpId> truncate(List<SourceTable> tables);

  /** Truncates and forgets these tables. */
  void drop(List<SourceTable> tables);

  /** Stores how far a table's copy is; call after the flush of those rows. */
  SourceTable updateProgress(SourceTable table, SnapshotProgress progress);

  /** No checkpoint becomes visible below this position from now on. */
  void raiseBarrier(Lsn position);

  /** Marks tables as copied; with a barrier no checkpoint becomes visible below it. */
  List<SourceTable> markTablesDone(List<SourceTable> tables, Optional<Lsn> barrier);

  /**
   * Marks the whole stream as copied. Fails with PSYNC_S1101, naming them, while tables are
   * incomplete (5.10).
   */
  void markSnapshotDone(Lsn barrier);

  /** As {@link #markSnapshotDone} without looking at the tables. */
  void markAllSnapshotDone(Lsn barrier);

  /** The stream is no longer completely copied, because this table is not. */
  void markSnapshotRequired(SourceTable table);

  /** All table records of the stream. */
  List<SourceTable> tables();

  /** Stores where to resume while no newer checkpoint exists. */
  void setResumeLsn(Lsn position);

  /** Drops whatever is still queued. */
  @Override
  void close();
}
