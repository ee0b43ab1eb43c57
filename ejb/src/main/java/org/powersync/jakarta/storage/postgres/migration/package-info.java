/**
 * Brings the schema {@code powersync} to its final form (storage sections 2 and 2.4).
 *
 * <p>The scripts {@code V1} to {@code V8} in {@code db/migration} are the steps of the reference's
 * own list. Each writes its name to the row of {@code migrations}, which is the truth about what
 * was done: another implementation reads and continues it, and we continue what another left.
 * Flyway's own history ({@code x_flyway_history}) only follows; when the two differ it is thrown
 * away. A schema that is complete is used without being touched.
 *
 * <p>Start at {@link org.powersync.jakarta.storage.postgres.migration.SchemaMigration}.
 */
package org.powersync.jakarta.storage.postgres.migration;
