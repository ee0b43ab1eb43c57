package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** Opens the sync streams of this process and ends them at shutdown. Safe for all threads. */
public final class SyncStreams {
  private final BucketStorageProvider storage;
  private final StreamLimits limits;
  private final SyncStream.Shared shared;
  private final Set<SyncStream> open = ConcurrentHashMap.newKeySet();
  private final Lock lock = new ReentrantLock();
  private final Condition oneClosed = lock.newCondition();
  private volatile boolean closing;

  public SyncStreams(BucketStorageProvider storage, StreamLimits limits, SyncStream.Shared shared) {
    this.storage = storage;
    this.limits = limits;
    this.shared = shared;
  }

  /**
   * A stream on the active sync config. The caller runs it, then hands it to {@link #closed}.
   * Throws PSYNC_S2003 at shutdown and PSYNC_S2302 when no config is active; fails when a bucket
   * definition cannot be evaluated for this request.
   */
  public SyncStream open(StreamCaller caller, StreamRequest request) {
    requireOpen();
    BucketStorage bucketStorage = activeStorage(storage);
    DeployedSyncConfig config = bucketStorage.syncConfig();
    SyncStream.Source source =
        new SyncStream.Source(
            config.config().definitions(),
            config.evaluate(request.toSyncRequest(caller.token())),
            bucketStorage.reader(),
            storage.writeCheckpoints());
    SyncStream stream = new SyncStream(shared, source, caller, request, limits);
    open.add(stream);
    shared.counters().streamOpened();
    if (closing) {
      stream.stop();
    }
    return stream;
  }

  /** A stream ended, in whatever way. */
  public void closed(SyncStream stream) {
    if (open.remove(stream)) {
      shared.counters().streamClosed();
      lock.lock();
      try {
        oneClosed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Open streams, those that have been open longest first.
   *
   * @param max how many at most
   */
  public List<OpenStream> list(int max) {
    return open.stream()
        .map(SyncStream::view)
        .sorted(Comparator.comparing(OpenStream::since))
        .limit(max)
        .toList();
  }

  /**
   * Refuses new streams, ends the open ones at a line boundary and waits for that.
   *
   * @return whether all had ended in time
   */
  public boolean close(Duration patience) throws InterruptedException {
    closing = true;
    open.forEach(SyncStream::stop);
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!open.isEmpty() && left > 0) {
        left = oneClosed.awaitNanos(left);
      }
      return open.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The storage of the active sync config. Throws PSYNC_S2302 when none is active. */
  public static BucketStorage activeStorage(BucketStorageProvider storage) {
    ReplicationStream active =
        storage
            .active()
            .orElseThrow(
                () ->
                    new PowerSyncException(
                        ErrorCode.PSYNC_S2302,
                        "No sync config is active; deploy one or wait until its first snapshot is"
                            + " complete"));
    return storage.storage(active);
  }

  private void requireOpen() {
    if (closing) {
      throw new PowerSyncException(
          ErrorCode.PSYNC_S2003, "The service is shutting down; connect again");
    }
  }
}
