/**
 * What operators ask about a PostgreSQL source: can it be replicated, what is in it, what does a
 * sync config find there, and what has to be mended.
 *
 * <p>Nothing here takes part in replication. {@link
 * org.powersync.jakarta.replication.postgres.inspect.PostgresInspection} answers each question with
 * a constant number of round trips. Specification: replication section 7.
 */
package org.powersync.jakarta.replication.postgres.inspect;
