package org.powersync.jakarta.replication;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;

/**
 * Removes what stopped streams left on the source and in storage, each on a thread of its own.
 * Failures are logged and tried again with the next refresh (replication section 1.11).
 */
final class StreamCleanup {
  private static final Logger LOG = Logger.getLogger(StreamCleanup.class.getName());

  private final BucketStorageProvider provider;
  private final ReplicationSource source;
  private final ThreadFactory threads;
  private final StopSignal stop;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Set<GroupId> streams = ConcurrentHashMap.newKeySet();

  StreamCleanup(
      BucketStorageProvider provider,
      ReplicationSource source,
      ThreadFactory threads,
      StopSignal stop) {
    this.provider = provider;
    this.source = source;
    this.threads = threads;
    this.stop = stop;
  }

  /** Starts cleaning unless it is under way. */
  void start(ReplicationStream stream) {
    if (!streams.add(stream.id())) {
      return;
    }
    Thread thread = threads.newThread(() -> run(stream));
    running.add(thread);
    thread.start();
  }

  private void run(ReplicationStream stream) {
    try (StreamLock lock = provider.lock(stream)) {
      source.cleanUp(stream);
      provider.storage(stream).terminate(true, () -> stop.stopped() || !lock.held());
      LOG.log(Level.INFO, "Cleaned up replication stream {0}", stream.name());
    } catch (PowerSyncException e) {
      boolean elsewhere = e.code() == ErrorCode.PSYNC_S1003;
      LOG.log(
          elsewhere || stop.stopped() ? Level.FINE : Level.WARNING,
          e,
          () -> "Cannot clean up replication stream " + stream.name() + " yet");
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, e, () -> "Cannot clean up replication stream " + stream.name());
    } finally {
      streams.remove(stream.id());
      running.remove(Thread.currentThread());
    }
  }

  /** Waits for running cleanups, which the stop signal cuts short. */
  void join(long millis) throws InterruptedException {
    for (Thread thread : running) {
      thread.join(millis);
    }
  }
}
