/**
 * The logical decoding protocol of PostgreSQL, {@code pgoutput} version 1, from bytes to rows.
 *
 * <p>{@link org.powersync.jakarta.replication.postgres.pgoutput.PgOutputDecoder} turns each message
 * of the replication stream into a {@link
 * org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage}. That is cheap: a {@link
 * org.powersync.jakarta.replication.postgres.pgoutput.Tuple} only knows where its columns start in
 * the bytes received. A {@link org.powersync.jakarta.replication.postgres.pgoutput.RelationLayout},
 * made once per Relation message, decodes tuples to rows and row identities, on any thread.
 *
 * <p>A column of a tuple is a value, null, or <em>absent</em>: an out-of-line value that an update
 * did not touch is not sent. Positions in the log are {@link
 * org.powersync.jakarta.replication.postgres.pgoutput.PgLsn}. Specification: replication section 3.
 */
package org.powersync.jakarta.replication.postgres.pgoutput;
