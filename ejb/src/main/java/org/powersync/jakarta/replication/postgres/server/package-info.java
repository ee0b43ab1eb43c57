/**
 * The source server: connections to it, whether it can be replicated, the slot that keeps the log
 * for a stream, and what its failures mean.
 *
 * <p>{@link org.powersync.jakarta.replication.postgres.server.SourceConnections} opens connections;
 * {@link org.powersync.jakarta.replication.postgres.server.ShortQueries} runs what is short. {@link
 * org.powersync.jakarta.replication.postgres.server.SlotDecision} says how an attempt starts,
 * {@link org.powersync.jakarta.replication.postgres.server.SlotLostException} that it cannot,
 * {@link org.powersync.jakarta.replication.postgres.server.FailureJudge} when the next one may.
 * Specification: replication sections 1.4 to 1.9, 1.14 and 6.
 */
package org.powersync.jakarta.replication.postgres.server;
