package org.powersync.jakarta.replication.postgres.server;

import java.util.concurrent.ThreadFactory;
import org.powersync.jakarta.replication.ReplicationAttempt;
import org.powersync.jakarta.replication.StopSignal;
import org.powersync.jakarta.replication.StreamProgress;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.telemetry.Counters;

/**
 * One attempt, with what its parts share about the server. Nothing of it outlives the attempt: a
 * stale connection would repeat a failure.
 */
public record PostgresAttempt(
    ReplicationAttempt attempt,
    SourceServer server,
    SourceConnections connections,
    ShortQueries queries,
    TypeRegistry types,
    SlotWatch slotWatch,
    ThreadFactory threads,
    SourceOptions options) {

  public int chunkRows() {
    return options.chunkRows();
  }

  public String slot() {
    return attempt.stream().name();
  }

  public StopSignal stop() {
    return attempt.stop();
  }

  public StreamProgress progress() {
    return attempt.progress();
  }

  public Counters counters() {
    return attempt.counters();
  }

  public Compatibility compatibility() {
    return attempt.tables().compatibility();
  }
}
