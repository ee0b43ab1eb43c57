package org.powersync.jakarta.storage;

import java.util.List;
import java.util.Optional;

/**
 * Deploys sync configs and gives access to their storage. An application-scoped CDI bean; safe for
 * all threads. Methods throw {@link org.powersync.jakarta.error.PowerSyncException}; database
 * failures carry a retriable class where trying again makes sense. Specification: storage section
 * 4.
 */
public interface BucketStorageProvider {
  /** Stores a new stream in state PROCESSING; earlier PROCESSING ones are stopped (4.1). */
  ReplicationStream deploy(Deployment deployment);

  /** Deploys only when the text differs from the deploying or else the active one (4.2). */
  ConfigureResult configure(Deployment deployment);

  /** What {@link #configure} did. */
  record ConfigureResult(Optional<ReplicationStream> deployed) {
    public boolean changed() {
      return deployed.isPresent();
    }
  }

  /** The stream that serves: highest number in state ACTIVE or ERRORED. */
  Optional<ReplicationStream> active();

  /** The stream being built: highest number in state PROCESSING. */
  Optional<ReplicationStream> deploying();

  /** All streams in state ACTIVE or PROCESSING. */
  List<ReplicationStream> replicating();

  /** All streams waiting for cleanup. */
  List<ReplicationStream> stopped();

  /** Fresh status of a stream; empty when its row is gone. */
  Optional<StreamStatus> status(GroupId stream);

  /**
   * The storage of a stream; the same object as long as the stream's row stays the same, so that
   * its caches live. Throws PSYNC_S1005 for an unknown storage version.
   */
  BucketStorage storage(ReplicationStream stream);

  /**
   * Takes the stream's lock without waiting, for 60 s, refreshed until closed. Throws PSYNC_S1003
   * when another process holds it (4.7).
   */
  StreamLock lock(ReplicationStream stream);

  /** Starts replication anew from the same config, in the way its state demands (4.5). */
  void restartReplication(GroupId stream);

  /**
   * Leaves out this many operation ids: they may have been handed out before storage was set back
   * to an earlier state, and no id is ever used twice.
   */
  default void skipOperationIds(long count) {}

  /** Write checkpoints of all users; not tied to a stream. */
  WriteCheckpoints writeCheckpoints();

  /** Sizes of the stored data (4.6). */
  StorageMetrics metrics();

  /** Random id of this installation, stored once (4.8). */
  String instanceId();

  /**
   * Drops all tables and sequences (2.3); the provider is of no use until the schema is migrated
   * again. The caller has stopped replication and cleaned up the source.
   */
  default void tearDown() {
    throw new UnsupportedOperationException("this storage cannot be torn down");
  }

  /** Identifies the storage server and database (4.9). */
  SystemIdentifier systemIdentifier();

  /** Total relation sizes in bytes; zero while no config is active. */
  record StorageMetrics(long operationBytes, long parameterBytes, long replicationBytes) {}

  /**
   * A PostgreSQL database: the server's system identifier and the database name.
   *
   * @param server {@code system_identifier} of the cluster
   */
  record SystemIdentifier(String server, String database) {
    @Override
    public String toString() {
      return server + "." + database;
    }
  }
}
