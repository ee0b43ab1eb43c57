/**
 * Replication, as far as it does not depend on the kind of source: finding streams, locks, jobs,
 * back-off, heartbeats, cleanup, and what all of it reports.
 *
 * <p>{@link org.powersync.jakarta.replication.ReplicationEngine} starts with the application and
 * owns a {@link org.powersync.jakarta.replication.Replicator}; that runs one {@link
 * org.powersync.jakarta.replication.ReplicationJob} for each stream whose lock this process holds.
 * A job makes one attempt through the {@link org.powersync.jakarta.replication.ReplicationSource}
 * and ends; the replicator starts the next one. What happens is readable at any time from {@link
 * org.powersync.jakarta.replication.ReplicationStatus}. Invariant: nobody writes to a stream
 * without its lock. Specification: replication section 1.
 */
package org.powersync.jakarta.replication;
