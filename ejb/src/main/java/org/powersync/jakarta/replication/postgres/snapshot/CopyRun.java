package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.server.ByteQueue;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * Copies tables: a few readers, each on a connection of its own and each with one table at a time,
 * fill a queue that is bounded in bytes; a few workers, each with a writer of its own, decode,
 * evaluate and store what is in it. For one run; the calling thread waits.
 *
 * <p>The first failure ends everything. Being stopped is a failure too, looked at only when a chunk
 * is stored (replication section 1.10).
 */
final class CopyRun {
  private static final Logger LOG = Logger.getLogger(CopyRun.class.getName());
  private static final long QUEUE_BYTES = 16L << 20;
  private static final long POLL_MILLIS = 200;
  private static final long LOG_NANOS = 10_000_000_000L;

  private final PostgresAttempt attempt;
  private final Deque<TableCopy> waiting;
  private final ByteQueue<CopyChunk> queue = new ByteQueue<>(QUEUE_BYTES);
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final List<Thread> readers = new ArrayList<>();
  private final AtomicLong loggedAt = new AtomicLong(System.nanoTime());
  private volatile Throwable failure;
  private volatile boolean allRead;

  private CopyRun(PostgresAttempt attempt, List<TableCopy> tables) {
    this.attempt = attempt;
    this.waiting = new ArrayDeque<>(tables);
  }

  /**
   * Copies the tables.
   *
   * @param writers at least one, for nobody else meanwhile; insert, and may skip existing rows
   * @return the last operation written by any of them; zero when there is none
   */
  static OpId copy(PostgresAttempt attempt, List<TableCopy> tables, List<BucketWriter> writers)
      throws InterruptedException {
    return new CopyRun(attempt, tables).run(writers);
  }

  private OpId run(List<BucketWriter> writers) throws InterruptedException {
    List<ChunkStore> stores =
        writers.stream().map(writer -> new ChunkStore(attempt, writer)).toList();
    List<Thread> workers = new ArrayList<>();
    stores.forEach(store -> workers.add(attempt.threads().newThread(() -> work(store))));
    // One worker means one table after another, which is what who asks for it counts on.
    int most = workers.size() == 1 ? 1 : attempt.options().snapshotReaders();
    int count = Math.min(waiting.size(), most);
    for (int i = 0; i < count; i++) {
      readers.add(attempt.threads().newThread(this::read));
    }
    workers.forEach(Thread::start);
    readers.forEach(Thread::start);
    try {
      join(readers);
      allRead = true;
      join(workers);
    } catch (InterruptedException e) {
      fail(e);
      throw e;
    } finally {
      if (failure == null) {
        allRead = true;
      }
      end(workers);
    }
    if (failure != null) {
      throw rethrow(failure);
    }
    return stores.stream().map(ChunkStore::last).max(OpId::compareTo).orElse(OpId.ZERO);
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Also when the calling thread was interrupted: nobody may use the writers afterwards. */
  private void end(List<Thread> workers) {
    boolean interrupted = false;
    List<Thread> threads = new ArrayList<>(readers);
    threads.addAll(workers);
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends everything: readers may wait inside the driver, which only closing the socket ends. */
  private void fail(Throwable cause) {
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = cause;
    }
    queue.close();
    open.forEach(CopyRun::abort);
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.log(Level.FINE, "Cannot abort a connection to the source", e);
    }
  }

  private synchronized TableCopy nextTable() {
    return failure == null ? waiting.poll() : null;
  }

  private void read() {
    TableCopy table = nextTable();
    if (table == null) {
      return;
    }
    try (Connection connection = attempt.connections().snapshot()) {
      open.add(connection);
      while (table != null) {
        LOG.log(Level.INFO, "Copying table {0}", table.table().name());
        new TableReader(table, attempt.chunkRows(), this::put).read(connection);
        connection.commit();
        // The last chunk may have been stored before it was known to be the last.
        put(CopyChunk.end(table), 0);
        table = nextTable();
      }
    } catch (SQLException e) {
      fail(
          SourceQueryFailure.of(
              e, table == null ? "closing a connection" : "copying " + table.table().name()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void put(CopyChunk chunk, int bytes) throws InterruptedException {
    attempt.counters().add(Counter.DATA_REPLICATED_BYTES, bytes);
    // What it takes once it is decoded and evaluated is bounded by the number of workers.
    int size = bytes + 32 * chunk.lines().size();
    ByteQueue.Offer offer = queue.offer(chunk, size, POLL_MILLIS);
    while (offer == ByteQueue.Offer.FULL) {
      offer = queue.offer(chunk, size, POLL_MILLIS);
    }
    if (offer == ByteQueue.Offer.CLOSED) {
      throw new PowerSyncException(ErrorCode.PSYNC_S1103, "The copy ended early");
    }
  }

  private void work(ChunkStore store) {
    try {
      while (failure == null) {
        boolean last = allRead;
        CopyChunk chunk = queue.poll(POLL_MILLIS);
        if (chunk != null) {
          take(store, chunk);
        } else if (last) {
          return;
        }
        attempt.stop().check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void take(ChunkStore store, CopyChunk chunk) {
    boolean finished;
    if (chunk.number() == CopyChunk.END) {
      finished = chunk.table().finish(store.writer());
    } else {
      finished = store.store(chunk);
    }
    if (finished) {
      LOG.log(
          Level.INFO,
          "Copied table {0}: {1} rows",
          new Object[] {chunk.table().table().name(), chunk.table().copied()});
    }
    logProgress();
  }

  private void logProgress() {
    long logged = loggedAt.get();
    long now = System.nanoTime();
    if (now - logged > LOG_NANOS && loggedAt.compareAndSet(logged, now)) {
      LOG.log(Level.INFO, "Copying: {0}", attempt.progress().status().copy());
    }
  }

  static RuntimeException rethrow(Throwable cause) throws InterruptedException {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }
}
