/**
 * Following the source: a reader thread takes messages from the socket into a queue bounded in
 * bytes, the applying thread decodes them, saves changes and commits.
 *
 * <p>A checkpoint never splits a transaction and may cover several. A position is acknowledged to
 * the source only when what came before it is durable in storage, or is known to carry nothing.
 * Start at {@link org.powersync.jakarta.replication.postgres.stream.WalStream}. Specification:
 * replication sections 1.13, 3 and 5.
 */
package org.powersync.jakarta.replication.postgres.stream;
