package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** Bucket storage in memory for many threads, in real time. */
final class LiveStorage implements BucketReader, WriteCheckpoints {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final FakeStorage stored = new FakeStorage(new FakeTime());
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private boolean ended;

  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger checksums = new AtomicInteger();
  final AtomicInteger effectives = new AtomicInteger();

  /** Changes what is stored; streams see it at once. */
  void change(Consumer<FakeStorage> change) {
    lock.lock();
    try {
      change.accept(stored);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Changes knownChanges(OpId after, OpId upTo) {
    lock.lock();
    try {
      return stored.knownChanges(after, upTo);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Checkpoint checkpoint() {
    lock.lock();
    try {
      return stored.checkpoint();
    } finally {
      lock.unlock();
    }
  }

  /** So that lines are built on both kinds of threads. */
  @Override
  public boolean knowsChecksums(OpId checkpoint, Collection<BucketName> buckets) {
    return checkpoint.value() % 2 == 0;
  }

  @Override
  public Map<BucketName, BucketChecksum> checksums(
      OpId checkpoint, Collection<BucketName> buckets) {
    checksums.incrementAndGet();
    lock.lock();
    try {
      return stored.checksums(checkpoint, buckets);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<BucketChunk> read(
      OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    reads.incrementAndGet();
    lock.lock();
    try {
      return stored.read(checkpoint, positions, limits);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<ParameterLookup, List<OutputRow>> lookups(
      OpId checkpoint, Collection<ParameterLookup> lookups, int limit) {
    lock.lock();
    try {
      return stored.lookups(checkpoint, lookups, limit);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Result create(List<Request> requests) {
    throw new UnsupportedOperationException("streams only read write checkpoints");
  }

  @Override
  public Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position) {
    effectives.incrementAndGet();
    lock.lock();
    try {
      return stored.effective(userIds, position);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void clearChecksumCache() {
    checksums.set(0);
  }

  /** How many watch. */
  int subscriptions() {
    return subscriptions.size();
  }

  @Override
  public CheckpointSubscription watch() {
    Subscription subscription = new Subscription();
    subscriptions.add(subscription);
    return subscription;
  }

  private final class Subscription implements CheckpointSubscription {
    private Checkpoint returned;
    private boolean wokenUp;

    @Override
    public Event next(Duration timeout) throws InterruptedException {
      long left = timeout.toNanos();
      lock.lock();
      try {
        while (true) {
          if (ended) {
            return new Ended();
          }
          if (!stored.checkpoint().equals(returned)) {
            returned = stored.checkpoint();
            return new Advanced(returned);
          }
          if (wokenUp || left <= 0) {
            wokenUp = false;
            return new TimedOut();
          }
          left = changed.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void wakeUp() {
      lock.lock();
      try {
        wokenUp = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }
}
