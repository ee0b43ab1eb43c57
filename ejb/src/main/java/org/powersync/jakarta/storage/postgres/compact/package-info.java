/**
 * Compaction (storage section 8), set-based: one statement finds, for some buckets at a time, what
 * is superseded; batches then turn that into MOVE and CLEAR.
 *
 * <p>{@link org.powersync.jakarta.storage.postgres.compact.PostgresCompaction} is the bean. A run
 * holds one connection and on it an advisory lock per stream. {@code ChangedBuckets} finds where to
 * work: buckets whose last operation is newer than the last complete run, which {@code
 * CompactionRecord} remembers. {@code CompactionPlan} is the statement, held as a server-side
 * cursor; {@code CompactionSteps} decides what becomes of each operation, {@code BucketCompaction}
 * carries it out, MOVE in {@code MovePasses}. Every batch is valid by itself, may be repeated, and
 * checks that it finds what the plan saw; so a run may stop anywhere, and another implementation
 * may compact the same stream at the same time.
 *
 * <p>What differs from the reference's walk is only the way: operations that would become MOVE and
 * at once part of a CLEAR are cleared directly, with the same target.
 */
package org.powersync.jakarta.storage.postgres.compact;
