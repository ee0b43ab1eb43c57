/**
 * What changed between two checkpoints, so that work per checkpoint follows what changed and not
 * who is connected.
 *
 * <p>Lookups come from {@code bucket_parameters}, whose primary key is the operation id. {@code
 * bucket_data} has no such index, and one would cost every written operation. So each of our
 * flushes leaves one row in the private table {@code x_bucket_changes}: its last operation id and
 * the buckets it wrote, in the statement that takes the ids and in the same transaction. {@link
 * org.powersync.jakarta.storage.postgres.change.BucketChangeLog} writes, {@link
 * org.powersync.jakarta.storage.postgres.change.ChangesQuery} reads.
 *
 * <p>The process that writes asks itself first ({@link
 * org.powersync.jakarta.storage.postgres.change.OwnCommits}): of a transaction whose operation ids
 * follow the checkpoint before it without a gap, it knows all, and keeps the operations themselves
 * for a while.
 *
 * <p>When the rows prove nothing, everything may have changed:
 *
 * <ul>
 *   <li>the later checkpoint has no row of its own: somebody else published it;
 *   <li>a row in the range names no buckets: too many, or a writer was opened, before which anybody
 *       may have written;
 *   <li>no row is at or below the earlier checkpoint: the beginning of the range is not kept any
 *       more.
 * </ul>
 */
package org.powersync.jakarta.storage.postgres.change;
