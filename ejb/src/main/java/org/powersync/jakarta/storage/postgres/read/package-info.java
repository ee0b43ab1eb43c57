/**
 * The reading side of the provider: checkpoints, checksums, operations, parameter lookups, write
 * checkpoints (storage sections 6 and 7).
 *
 * <p>{@link org.powersync.jakarta.storage.postgres.read.PostgresBucketReader} answers for one
 * stream; one per stream and process, so that its checksums are computed once for all clients.
 * {@link org.powersync.jakarta.storage.postgres.read.CheckpointWatch} is one per process: it
 * listens and polls, and tells all subscribers. Every query names its buckets or lookups in arrays
 * and walks one index range per element (a LATERAL subquery), because a join with a list is planned
 * as a scan of the whole table once a few large buckets dominate the statistics. Statements read
 * only, except those of write checkpoints.
 */
package org.powersync.jakarta.storage.postgres.read;
