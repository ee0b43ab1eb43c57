/**
 * One sync stream: what a connected client is told, line by line. Plain Java, without Jakarta, JDBC
 * and HTTP; a transport brings a request, a verified caller and a place to put bytes.
 *
 * <p>Start at {@link org.powersync.jakarta.sync.SyncStreams}, which opens streams, and {@link
 * org.powersync.jakarta.sync.SyncStream}, whose {@code run} is the life of one. A stream waits for
 * a checkpoint, resolves the request's buckets at it, compares them with what this client was told
 * last and sends an {@link org.powersync.jakarta.sync.Announcement}: a {@code checkpoint} or {@code
 * checkpoint_diff} line. Then the data follows in groups of priority and, unless a newer checkpoint
 * supersedes it or compaction invalidates it, the completion. State advances only by lines that
 * were sent.
 *
 * <p>Checkpoints reach all streams of the process through {@link
 * org.powersync.jakarta.sync.LiveCheckpoints}: one watcher finds out once what changed and tells
 * only the streams that depend on it, so an unaffected stream costs nothing. Streams that want the
 * same data share its reading and its bytes ({@link org.powersync.jakarta.sync.SharedReads}). A
 * storage says what changed through {@link org.powersync.jakarta.sync.ChangeFeed}.
 *
 * <p>One thread drives a stream and is the only one to write its lines. Storage is read elsewhere
 * ({@link org.powersync.jakarta.sync.DataSlots} for data, a background executor for checkpoints)
 * and wakes that thread, so that keepalives go out however long a query takes. Specification: sync
 * API section 3.
 */
package org.powersync.jakarta.sync;
