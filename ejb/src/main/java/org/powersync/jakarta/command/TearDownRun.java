package org.powersync.jakarta.command;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationSource;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;

/**
 * Removes everything (configuration section 12): slots on the source, states of the streams, tables
 * of storage. One thread.
 */
final class TearDownRun {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final BucketStorageProvider provider;
  private final Optional<ReplicationSource> source;
  private final InstantSource time;
  private final Consumer<String> out;

  /**
   * @param source empty when none is configured; then there are no slots to drop
   */
  TearDownRun(
      BucketStorageProvider provider,
      Optional<ReplicationSource> source,
      InstantSource time,
      Consumer<String> out) {
    this.provider = provider;
    this.source = source;
    this.time = time;
    this.out = out;
  }

  /**
   * Runs to the end. Throws PSYNC_S1003 at once when another process holds a stream; other failures
   * are tried again, and after two minutes storage is dropped regardless.
   */
  void run() throws InterruptedException {
    var deadline = time.instant().plus(PATIENCE);
    while (true) {
      try {
        stopStreams();
        break;
      } catch (PowerSyncException e) {
        if (e.code() == ErrorCode.PSYNC_S1003) {
          throw e;
        }
        out.accept("Not yet: " + e.getMessage());
        if (time.instant().isAfter(deadline)) {
          break;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
    provider.tearDown();
    out.accept("Storage is removed");
  }

  private void stopStreams() {
    List<ReplicationStream> streams = new ArrayList<>(provider.replicating());
    streams.addAll(provider.stopped());
    for (ReplicationStream stream : streams) {
      try (StreamLock lock = provider.lock(stream)) {
        dropSlot(stream);
        provider.storage(stream).terminate(false, () -> !lock.held());
        out.accept("Stopped replication stream " + stream.name());
      }
    }
  }

  private void dropSlot(ReplicationStream stream) {
    try {
      source.ifPresent(from -> from.cleanUp(stream));
    } catch (RuntimeException e) {
      out.accept(
          "The slot " + stream.name() + " could not be dropped, do it by hand: " + e.getMessage());
    }
  }
}
