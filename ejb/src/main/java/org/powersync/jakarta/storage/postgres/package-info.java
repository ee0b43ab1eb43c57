/**
 * The bucket storage provider on PostgreSQL.
 *
 * <p>{@link org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider} is the bean
 * others inject. It hands each concern to a small collaborator: {@code StreamDirectory} (which
 * streams there are), {@code StreamDeployment} (new ones, and the states of old ones), {@code
 * StreamLocks}, {@code Installation} (facts about the database). {@code PostgresBucketStorage} is
 * one stream. {@link org.powersync.jakarta.storage.postgres.StorageStartup} brings the schema up to
 * date and then announces storage.
 *
 * <p>State that people reason about goes through JPA ({@code .entity}), state that flows through
 * plain SQL ({@code .sql}, {@code .write}). Specification: storage.
 */
package org.powersync.jakarta.storage.postgres;
