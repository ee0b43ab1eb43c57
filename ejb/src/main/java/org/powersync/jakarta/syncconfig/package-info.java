/**
 * The sync config language: which source rows go into which buckets, and which buckets a request
 * may read. Plain Java, without Jakarta and JDBC; nothing is parsed at evaluation time.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.SyncConfig} is a loaded document. {@link
 * org.powersync.jakarta.syncconfig.SyncConfig#deployed} fixes the bucket names of one replication
 * stream and yields what the writer needs (a {@link
 * org.powersync.jakarta.syncconfig.TableEvaluator} per table) and what a sync stream needs (a
 * {@link org.powersync.jakarta.syncconfig.RequestEvaluation} per request). Loading goes from {@code
 * yaml} over {@code sql} to {@code bucket}, {@code early} and {@code event}, which share {@code
 * query} (editions 1 and 2), or over {@code stream} to {@code plan} (edition 3, whose plan is
 * stored and loaded again without the document); {@code schema} knows the tables of the source and
 * those of clients. What a loaded config does not support is a fatal message, never ignored.
 * Specification: sync config.
 */
package org.powersync.jakarta.syncconfig;
