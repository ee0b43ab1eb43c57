package org.powersync.jakarta.storage.postgres.read;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.read.ChecksumsQuery.Range;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Checksums of one stream per bucket and checkpoint (storage section 6.4). What is missing is
 * summed from the nearest known checkpoint below, all buckets of a call in one query; calls for the
 * same one share it. Failures are not kept. Safe for all threads.
 */
public final class ChecksumCache {
  private static final int MAX_ENTRIES = 100_000;

  /** Sums ranges up to a checkpoint; the answer is in the order of the ranges. */
  @FunctionalInterface
  interface Summing {
    List<BucketChecksum> sum(OpId checkpoint, List<Range> ranges);
  }

  private record Key(BucketName bucket, long checkpoint) {}

  private record Entry(CompletableFuture<BucketChecksum> checksum, Instant since) {
    boolean known() {
      return checksum.isDone() && !checksum.isCompletedExceptionally();
    }
  }

  private final Summing summing;
  private final Duration timeToLive;
  private final InstantSource time;
  private final Lock lock = new ReentrantLock();

  /** Least recently used first. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<BucketName, NavigableMap<Long, Entry>> byBucket = new HashMap<>();

  ChecksumCache(Summing summing, Duration timeToLive, InstantSource time) {
    this.summing = summing;
    this.timeToLive = timeToLive;
    this.time = time;
  }

  /** The checksums of all these buckets; a bucket named twice is answered once. */
  Map<BucketName, BucketChecksum> get(OpId checkpoint, Collection<BucketName> buckets) {
    Map<BucketName, CompletableFuture<BucketChecksum>> wanted = new LinkedHashMap<>();
    List<Range> missing = new ArrayList<>();
    List<CompletableFuture<BucketChecksum>> promised = new ArrayList<>();
    lock.lock();
    try {
      Instant now = time.instant();
      for (BucketName bucket : new LinkedHashSet<>(buckets)) {
        Key key = new Key(bucket, checkpoint.value());
        Entry entry = entries.get(key);
        if (entry == null || expired(entry, now)) {
          Base base = base(bucket, checkpoint, now);
          missing.add(base.range);
          entry = new Entry(new CompletableFuture<>(), base.since);
          put(key, entry);
          promised.add(entry.checksum);
        }
        wanted.put(bucket, entry.checksum);
      }
      shrink();
    } finally {
      lock.unlock();
    }
    if (!missing.isEmpty()) {
      fetch(checkpoint, missing, promised);
    }
    Map<BucketName, BucketChecksum> found = new LinkedHashMap<>();
    wanted.forEach((bucket, checksum) -> found.put(bucket, result(checksum)));
    return found;
  }

  /**
   * Computes the checksums of those buckets that have one at an earlier checkpoint, for those who
   * ask next.
   */
  void prepare(OpId checkpoint, Collection<BucketName> buckets) {
    List<BucketName> cheap = new ArrayList<>();
    lock.lock();
    try {
      Instant now = time.instant();
      for (BucketName bucket : buckets) {
        if (!base(bucket, checkpoint, now).range.after().equals(OpId.ZERO)) {
          cheap.add(bucket);
        }
      }
    } finally {
      lock.unlock();
    }
    if (!cheap.isEmpty()) {
      get(checkpoint, cheap);
    }
  }

  /** Whether all of them are there. */
  boolean knows(OpId checkpoint, Collection<BucketName> buckets) {
    lock.lock();
    try {
      Instant now = time.instant();
      for (BucketName bucket : buckets) {
        Entry entry = entries.get(new Key(bucket, checkpoint.value()));
        if (entry == null || !entry.known() || expired(entry, now)) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      entries.clear();
      byBucket.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean expired(Entry entry, Instant now) {
    return entry.since.plus(timeToLive).isBefore(now);
  }

  /** What a sum starts from; it ages with that, so that counts are taken anew in the end. */
  private record Base(Range range, Instant since) {}

  private Base base(BucketName bucket, OpId checkpoint, Instant now) {
    NavigableMap<Long, Entry> known = byBucket.get(bucket);
    if (known != null) {
      for (Map.Entry<Long, Entry> below :
          known.headMap(checkpoint.value(), false).descendingMap().entrySet()) {
        if (below.getValue().known() && !expired(below.getValue(), now)) {
          return new Base(
              new Range(bucket, new OpId(below.getKey()), below.getValue().checksum.join()),
              below.getValue().since);
        }
      }
    }
    return new Base(Range.whole(bucket), now);
  }

  private void put(Key key, Entry entry) {
    entries.put(key, entry);
    byBucket.computeIfAbsent(key.bucket, bucket -> new TreeMap<>()).put(key.checkpoint, entry);
  }

  private void shrink() {
    Iterator<Map.Entry<Key, Entry>> oldest = entries.entrySet().iterator();
    while (entries.size() > MAX_ENTRIES) {
      Map.Entry<Key, Entry> entry = oldest.next();
      oldest.remove();
      forget(entry.getKey(), entry.getValue());
    }
  }

  private void forget(Key key, Entry entry) {
    NavigableMap<Long, Entry> known = byBucket.get(key.bucket);
    if (known != null && known.remove(key.checkpoint, entry) && known.isEmpty()) {
      byBucket.remove(key.bucket);
    }
  }

  private void fetch(
      OpId checkpoint, List<Range> missing, List<CompletableFuture<BucketChecksum>> promised) {
    try {
      List<BucketChecksum> sums = summing.sum(checkpoint, missing);
      for (int i = 0; i < sums.size(); i++) {
        promised.get(i).complete(sums.get(i));
      }
    } catch (RuntimeException | Error e) {
      withdraw(checkpoint, missing, promised);
      promised.forEach(promise -> promise.completeExceptionally(e));
    }
  }

  private void withdraw(
      OpId checkpoint, List<Range> missing, List<CompletableFuture<BucketChecksum>> promised) {
    lock.lock();
    try {
      for (int i = 0; i < missing.size(); i++) {
        Key key = new Key(missing.get(i).bucket(), checkpoint.value());
        Entry entry = entries.get(key);
        if (entry != null && entry.checksum == promised.get(i)) {
          entries.remove(key);
          forget(key, entry);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static BucketChecksum result(CompletableFuture<BucketChecksum> checksum) {
    try {
      return checksum.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
