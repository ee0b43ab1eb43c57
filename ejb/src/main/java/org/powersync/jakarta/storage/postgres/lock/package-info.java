/**
 * Locks as rows of the table {@code locks} (storage section 4.7).
 *
 * <p>A lock is owned by whoever wrote the random id it holds, and only until 60 s after its time
 * stamp; then anybody may overwrite it. {@link
 * org.powersync.jakarta.storage.postgres.lock.LockTable} takes, renews and gives back; {@link
 * org.powersync.jakarta.storage.postgres.lock.StreamLease} keeps the lock of a replication stream
 * alive and tells its holder when it is gone. Time is the database's, so that a node with a wrong
 * clock neither steals locks nor keeps dead ones.
 */
package org.powersync.jakarta.storage.postgres.lock;
