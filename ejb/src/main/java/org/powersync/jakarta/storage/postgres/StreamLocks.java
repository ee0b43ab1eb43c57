package org.powersync.jakarta.storage.postgres;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.postgres.lock.LockTable;
import org.powersync.jakarta.storage.postgres.lock.StreamLease;

/** The locks on streams that this process took (storage section 4.7). */
final class StreamLocks {
  private final LockTable table;
  private final ScheduledExecutorService scheduler;
  private final Map<GroupId, StreamLock> latest = new ConcurrentHashMap<>();

  StreamLocks(LockTable table, ScheduledExecutorService scheduler) {
    this.table = table;
    this.scheduler = scheduler;
  }

  StreamLock lock(ReplicationStream stream) {
    StreamLock lock =
        StreamLease.acquire(table, scheduler, "sync_rules_" + stream.id() + "_" + stream.name())
            .orElseThrow(
                () ->
                    new PowerSyncException(
                            ErrorCode.PSYNC_S1003,
                            "Replication stream is locked by another process, standing by.")
                        .with("stream", stream.id()));
    latest.put(stream.id(), lock);
    return lock;
  }

  /**
   * Whether the lock taken last is still held; who opens a writer took it before. True for a stream
   * that this process never locked.
   */
  BooleanSupplier ownership(GroupId stream) {
    StreamLock lock = latest.get(stream);
    return lock == null ? () -> true : lock::held;
  }
}
