package org.powersync.jakarta.sync;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Timing;

/**
 * How many streams of the process may read data from storage at once (sync API section 3.11). A
 * slot is held for the reading only, never while a client is written to. First come, first served.
 * Safe for all threads.
 */
public final class DataSlots {
  private final Executor executor;
  private final Counters counters;
  private final Lock lock = new ReentrantLock();
  private final Queue<Read<?>> waiting = new ArrayDeque<>();
  private int free;

  /**
   * @param slots reads at once, {@code max_data_fetch_concurrency}
   * @param executor where reads run; gets at most that many tasks at once
   */
  public DataSlots(int slots, Executor executor, Counters counters) {
    this.free = slots;
    this.executor = executor;
    this.counters = counters;
  }

  /** Reads as soon as a slot is free. */
  public <T> Read<T> read(Supplier<T> reading) {
    Read<T> read = new Read<>(reading);
    lock.lock();
    try {
      if (free == 0) {
        waiting.add(read);
        return read;
      }
      free--;
    } finally {
      lock.unlock();
    }
    start(read);
    return read;
  }

  private void start(Read<?> read) {
    try {
      executor.execute(() -> run(read));
    } catch (RuntimeException refused) {
      read.result.completeExceptionally(refused);
      passOn();
    }
  }

  private void run(Read<?> read) {
    try {
      read.run();
    } finally {
      passOn();
    }
  }

  private void passOn() {
    Read<?> next;
    lock.lock();
    try {
      next = waiting.poll();
      if (next == null) {
        free++;
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      start(next);
    }
  }

  /** One reading of data, waiting, running or done. */
  public final class Read<T> {
    private final Supplier<T> reading;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long wantedAt = System.nanoTime();
    private volatile long begunAt = wantedAt;

    private Read(Supplier<T> reading) {
      this.reading = reading;
    }

    /** Completes when the data was read. */
    public CompletableFuture<T> result() {
      return result;
    }

    /** When the reading began, by {@link System#nanoTime}; when it was wanted, before that. */
    long begunNanos() {
      return begunAt;
    }

    /** Gives up a place in the queue; false when the reading has begun. */
    public boolean withdraw() {
      lock.lock();
      try {
        return waiting.remove(this);
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      long start = System.nanoTime();
      begunAt = start;
      counters.time(Timing.SLOT_WAIT, start - wantedAt);
      try {
        T read = reading.get();
        counters.time(Timing.BATCH_READ, System.nanoTime() - start);
        result.complete(read);
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }
  }
}
