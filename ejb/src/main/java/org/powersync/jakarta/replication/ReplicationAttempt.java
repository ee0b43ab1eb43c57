package org.powersync.jakarta.replication;

import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.telemetry.Counters;

/**
 * One attempt at replicating one stream, and where it reports to. The caller holds the stream's
 * lock for as long as the attempt runs.
 */
public record ReplicationAttempt(
    ReplicationStream stream,
    BucketStorage storage,
    TableSelection tables,
    StreamProgress progress,
    Counters counters,
    StopSignal stop) {}
