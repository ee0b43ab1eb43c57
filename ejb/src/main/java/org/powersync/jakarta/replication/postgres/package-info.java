/**
 * PostgreSQL as a source, by logical replication.
 *
 * <p>{@link org.powersync.jakarta.replication.postgres.PostgresSource} runs an attempt: look at the
 * server ({@code server}), copy what is not copied ({@code snapshot}), follow the slot ({@code
 * stream}); {@code pgoutput} decodes the stream's messages and {@code type} the values in them.
 * {@link org.powersync.jakarta.replication.postgres.PostgresSourcePositions} serves write
 * checkpoints in every process. Specification: replication.
 */
package org.powersync.jakarta.replication.postgres;
