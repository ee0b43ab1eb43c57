/**
 * The bucket storage provider: what an application, the replication engine and the sync streams ask
 * of it. Behind the API stands PostgreSQL ({@code storage.postgres}).
 *
 * <p>A deployed sync config and everything replicated for it is a {@link
 * org.powersync.jakarta.storage.ReplicationStream}. Inject {@link
 * org.powersync.jakarta.storage.BucketStorageProvider} to deploy, find and lock streams and to get
 * a stream's {@link org.powersync.jakarta.storage.BucketStorage}; that yields the {@link
 * org.powersync.jakarta.storage.BucketWriter} (one per job, by the holder of the stream's lock) and
 * the {@link org.powersync.jakarta.storage.BucketReader} (any number, any process). Operations
 * become visible only by a commit at a source position, which makes a checkpoint. Specification:
 * storage.
 */
package org.powersync.jakarta.storage;
