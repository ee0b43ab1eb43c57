package org.powersync.jakarta.sync;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * A checkpoint as one client is told of it: the line, and the state it leaves behind once sent.
 * Immutable; one that is never sent leaves no trace.
 *
 * @param buckets all buckets of the connection at this checkpoint
 * @param changed buckets that are new or changed since the announcement before
 * @param removed buckets that are gone since then
 * @param position of the source at the checkpoint; empty before the first
 * @param parameterRows results of lookups that chose the buckets
 * @param clock running since this process saw the checkpoint
 */
record Announcement(
    OpId checkpoint,
    OptionalLong writeCheckpoint,
    Map<BucketName, BucketDescriptor> buckets,
    Collection<BucketName> changed,
    List<BucketName> removed,
    Line line,
    Optional<Lsn> position,
    int parameterRows,
    DeliveryClock clock) {}
