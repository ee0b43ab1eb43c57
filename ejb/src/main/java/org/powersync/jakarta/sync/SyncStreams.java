package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
  /** Batches kept for other streams: a small part of the heap. */
  private static final long SHARED_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final BucketStorageProvider storage;
  private final StreamLimits limits;
  private final SyncStream.Shared shared;
  private final Map<SyncStream, ConnectionEvents.Connection> open = new ConcurrentHashMap<>();
  private final ConnectionEvents events;
  private final ConnectionLog log;
  private final ChangeFeeds feeds;
  private final Executor watchers;
  private final Lock lock = new ReentrantLock();
  private final Condition oneClosed = lock.newCondition();
  private volatile boolean closing;

  /** The replication stream that is watched; null before the first. Guarded by the lock. */
  private Watched watched;

  private record Watched(
      BucketStorage storage, LiveCheckpoints live, CheckpointWatcher watcher, SharedReads reads) {}

  /** Where a storage says what changed between its checkpoints. */
  @FunctionalInterface
  public interface ChangeFeeds {
    ChangeFeed of(BucketStorage storage);
  }

  /**
   * @param watchers runs the one task that watches checkpoints, on a thread of its own
   * @param events hears of every connection
   */
  public SyncStreams(
      BucketStorageProvider storage,
      StreamLimits limits,
      SyncStream.Shared shared,
      ChangeFeeds feeds,
      Executor watchers,
      ConnectionEvents events) {
    this.storage = storage;
    this.limits = limits;
    this.shared = shared;
    this.feeds = feeds;
    this.watchers = watchers;
    this.events = events;
    this.log = new ConnectionLog(shared.background());
  }

  /**
   * A stream on the active sync config. The caller runs it, then hands it to {@link #closed}.
   * Throws PSYNC_S2003 at shutdown and PSYNC_S2302 when no config is active; fails when a bucket
   * definition cannot be evaluated for this request.
   *
   * @param userAgent of the client; empty when it did not say
   */
  public SyncStream open(StreamCaller caller, StreamRequest request, String userAgent) {
    requireOpen();
    BucketStorage bucketStorage = activeStorage(storage);
    DeployedSyncConfig config = bucketStorage.syncConfig();
    Watched active = watch(bucketStorage);
    SyncStream.Source source =
        new SyncStream.Source(
            config.config().definitions(),
            config.evaluate(request.toSyncRequest(caller.token())),
            bucketStorage.reader(),
            active.reads(),
            active.live()::watch);
    SyncStream stream = new SyncStream(shared, source, caller, request, limits);
    ConnectionEvents.Connection connection =
        new ConnectionEvents.Connection(
            caller.userId(),
            request.clientId(),
            userAgent,
            shared.time().instant(),
            caller.expires());
    open.put(stream, connection);
    shared.counters().streamOpened();
    log.add(() -> events.connected(connection));
    if (closing) {
      stream.stop(StreamEnd.SHUTDOWN);
    }
    return stream;
  }

  /** The active replication stream, watched from now on if it was not. */
  private Watched watch(BucketStorage active) {
    lock.lock();
    try {
      if (watched == null || !watches(active) || watched.live().ended()) {
        stopWatching();
        watched = begin(active);
        watchers.execute(watched.watcher());
      }
      return watched;
    } finally {
      lock.unlock();
    }
  }

  /** The storage object of a stream is another one when only the stream's state changed. */
  private boolean watches(BucketStorage active) {
    return watched.storage().stream().id().equals(active.stream().id());
  }

  private Watched begin(BucketStorage active) {
    LiveCheckpoints live =
        new LiveCheckpoints(
            feeds.of(active), storage.writeCheckpoints(), shared.background(), shared.time());
    return new Watched(
        active,
        live,
        new CheckpointWatcher(active.reader(), live),
        new SharedReads(active.reader(), shared.slots(), live::shared, SHARED_BYTES));
  }

  private void stopWatching() {
    if (watched != null) {
      watched.watcher().stop();
    }
  }

  /** A user asked for a write checkpoint in this process. */
  public void writeCheckpointRequested() {
    lock.lock();
    try {
      if (watched != null) {
        watched.live().writeCheckpointRequested();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has every stream send a line: those whose client is gone end when it cannot be written. The
   * network tells of a closed connection only at the second line, so call it twice.
   */
  public void probe() {
    open.keySet().forEach(SyncStream::probe);
  }

  /** A stream ended, in whatever way. */
  public void closed(SyncStream stream) {
    lock.lock();
    try {
      ConnectionEvents.Connection connection = open.remove(stream);
      if (connection != null) {
        Instant at = shared.time().instant();
        log.add(() -> events.disconnected(connection, at));
        shared.counters().streamClosed();
        oneClosed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Open streams, those that have been open longest first.
   *
   * @param max how many at most
   */
  public List<OpenStream> list(int max) {
    return open.entrySet().stream()
        .map(entry -> entry.getKey().view(entry.getValue().userAgent()))
        .sorted(Comparator.comparing(OpenStream::since))
        .limit(max)
        .toList();
  }

  /**
   * Ends the streams of a user at their next line boundary; the clients connect again, with a new
   * token if theirs is refused by then.
   *
   * @param clientId of that client only; empty = of all clients of the user
   * @return how many streams
   */
  public int end(String userId, Optional<String> clientId) {
    int ended = 0;
    for (Map.Entry<SyncStream, ConnectionEvents.Connection> entry : open.entrySet()) {
      ConnectionEvents.Connection connection = entry.getValue();
      if (connection.userId().equals(userId)
          && (clientId.isEmpty() || clientId.equals(connection.clientId()))) {
        entry.getKey().stop(StreamEnd.DISCONNECTED);
        ended++;
      }
    }
    return ended;
  }

  /** Whether new streams are refused because the process shuts down. */
  public boolean closing() {
    return closing;
  }

  /**
   * Refuses new streams, ends the open ones at a line boundary and waits for that.
   *
   * @param spread over which the ends are spread, so that clients do not all come back at once
   * @param patience to wait for the last ones after that
   * @return whether all had ended in time
   */
  public boolean close(Duration spread, Duration patience) throws InterruptedException {
    closing = true;
    lock.lock();
    try {
      List<SyncStream> ending = List.copyOf(open.keySet());
      long pause = ending.isEmpty() ? 0 : spread.toNanos() / ending.size();
      long next = System.nanoTime();
      for (SyncStream stream : ending) {
        stream.stop(StreamEnd.SHUTDOWN);
        next += pause;
        for (long left = next - System.nanoTime(); left > 0 && !open.isEmpty(); ) {
          left = oneClosed.awaitNanos(left);
        }
      }
      // One that was opening meanwhile stops by itself.
      long left = patience.toNanos();
      while (!open.isEmpty() && left > 0) {
        left = oneClosed.awaitNanos(left);
      }
      stopWatching();
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
