package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Reads data for the sync streams of one replication stream. Streams that want the same batch share
 * one reading and its encoded lines; batches that nobody else can want are not kept. Bounded in
 * bytes. Safe for all threads.
 */
final class SharedReads {
  /** The stored form and about two encoded ones. */
  private static final int FORMS = 3;

  private static final int OPERATION_OVERHEAD = 200;

  /**
   * How long a batch is given to others. Another process may compact the bucket, and streams that
   * profit from it want it at about the same time.
   */
  private static final long MAX_AGE_NANOS = Duration.ofSeconds(2).toNanos();

  private final BucketReader reader;
  private final DataSlots slots;
  private final Predicate<List<BucketName>> shared;
  private final long maxBytes;
  private final Lock lock = new ReentrantLock();
  private final Map<Key, Shared> batches = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** Equal keys give equal batches. */
  private record Key(OpId checkpoint, List<BucketPosition> positions) {}

  /**
   * @param shared whether several streams depend on each of these buckets
   * @param maxBytes of batches kept for others, their encoded lines included
   */
  SharedReads(
      BucketReader reader, DataSlots slots, Predicate<List<BucketName>> shared, long maxBytes) {
    this.reader = reader;
    this.slots = slots;
    this.shared = shared;
    this.maxBytes = maxBytes;
  }

  /**
   * The next batch after these positions, read as soon as a slot is free.
   *
   * @param following whether the client has followed the stream up to here: what this process wrote
   *     itself is then given as it was written. Others profit from compaction since.
   */
  BatchRead read(OpId checkpoint, List<BucketPosition> positions, boolean following) {
    if (!shared.test(positions.stream().map(BucketPosition::bucket).toList())) {
      return atHand(checkpoint, positions, following, false)
          .<BatchRead>map(AtHand::of)
          .orElseGet(() -> new Own(slots.read(() -> readNow(checkpoint, positions, false))));
    }
    Key key = new Key(checkpoint, positions);
    Shared batch;
    boolean first;
    lock.lock();
    try {
      Shared before = batches.get(key);
      if (before != null && before.tooOld()) {
        batches.remove(key);
        bytes -= before.size;
        before = null;
      }
      first = before == null;
      batch = first ? new Shared(key) : before;
      batch.waiting++;
      if (first) {
        batches.put(key, batch);
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      batch.start(following);
    }
    return batch.join();
  }

  private List<Line.Data> readNow(
      OpId checkpoint, List<BucketPosition> positions, boolean forSeveral) {
    return lines(reader.read(checkpoint, positions, ReadLimits.DEFAULT), forSeveral);
  }

  private Optional<List<Line.Data>> atHand(
      OpId checkpoint, List<BucketPosition> positions, boolean following, boolean forSeveral) {
    boolean fromTheStart =
        positions.stream().anyMatch(position -> position.after().equals(OpId.ZERO));
    return following && !fromTheStart
        ? reader
            .readAtHand(checkpoint, positions, ReadLimits.DEFAULT)
            .map(chunks -> lines(chunks, forSeveral))
        : Optional.empty();
  }

  private static List<Line.Data> lines(List<BucketChunk> chunks, boolean forSeveral) {
    return chunks.stream()
        .map(
            chunk ->
                new Line.Data(
                    chunk, forSeveral ? Optional.of(new EncodedForms()) : Optional.empty()))
        .toList();
  }

  /** Needed no reading. */
  private record AtHand(CompletableFuture<List<Line.Data>> result, long begunNanos)
      implements BatchRead {
    static AtHand of(List<Line.Data> lines) {
      return new AtHand(CompletableFuture.completedFuture(lines), System.nanoTime());
    }

    @Override
    public boolean withdraw() {
      return false;
    }
  }

  private record Own(DataSlots.Read<List<Line.Data>> read) implements BatchRead {
    @Override
    public CompletableFuture<List<Line.Data>> result() {
      return read.result();
    }

    @Override
    public long begunNanos() {
      return read.begunNanos();
    }

    @Override
    public boolean withdraw() {
      return read.withdraw();
    }
  }

  /** A batch several streams wait for, or may want yet. */
  private final class Shared {
    private final Key key;
    private final CompletableFuture<List<Line.Data>> result = new CompletableFuture<>();
    private final long begunNanos = System.nanoTime();

    /** Null when no reading was needed. */
    private DataSlots.Read<List<Line.Data>> read;

    // Guarded by the lock.
    private int waiting;
    private long size;
    private long readNanos;

    private Shared(Key key) {
      this.key = key;
    }

    private void start(boolean following) {
      try {
        Optional<List<Line.Data>> atHand =
            atHand(key.checkpoint(), key.positions(), following, true);
        if (atHand.isPresent()) {
          keep(this, atHand.get());
          result.complete(atHand.get());
        } else {
          startReading();
        }
      } catch (RuntimeException | Error e) {
        forget(this);
        result.completeExceptionally(e);
      }
    }

    private void startReading() {
      read = slots.read(() -> readNow(key.checkpoint(), key.positions(), true));
      read.result()
          .whenComplete(
              (lines, failure) -> {
                if (failure == null) {
                  keep(this, lines);
                  result.complete(lines);
                } else {
                  forget(this);
                  result.completeExceptionally(failure);
                }
              });
    }

    private boolean tooOld() {
      return size > 0 && System.nanoTime() - readNanos > MAX_AGE_NANOS;
    }

    private BatchRead join() {
      return new BatchRead() {
        @Override
        public CompletableFuture<List<Line.Data>> result() {
          return result;
        }

        @Override
        public long begunNanos() {
          return read == null ? begunNanos : read.begunNanos();
        }

        @Override
        public boolean withdraw() {
          return Shared.this.withdraw();
        }
      };
    }

    /** One stream less; the last one takes the reading back if it has not begun. */
    private boolean withdraw() {
      lock.lock();
      try {
        if (--waiting > 0) {
          return !result.isDone();
        }
        if (read == null || !read.withdraw()) {
          return false;
        }
        batches.remove(key, this);
        return true;
      } finally {
        lock.unlock();
      }
    }
  }

  private void keep(Shared batch, List<Line.Data> lines) {
    lock.lock();
    try {
      if (batches.get(batch.key) != batch) {
        return;
      }
      batch.size = size(lines);
      batch.readNanos = System.nanoTime();
      bytes += batch.size;
      Iterator<Shared> eldest = batches.values().iterator();
      while (bytes > maxBytes && eldest.hasNext()) {
        Shared old = eldest.next();
        if (old.size > 0) {
          bytes -= old.size;
          eldest.remove();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(Shared batch) {
    lock.lock();
    try {
      batches.remove(batch.key, batch);
    } finally {
      lock.unlock();
    }
  }

  private static long size(List<Line.Data> lines) {
    long size = OPERATION_OVERHEAD;
    for (Line.Data line : lines) {
      BucketChunk chunk = line.chunk();
      size += FORMS * (line.bytes() + (long) OPERATION_OVERHEAD * chunk.operations().size());
    }
    return size;
  }
}
