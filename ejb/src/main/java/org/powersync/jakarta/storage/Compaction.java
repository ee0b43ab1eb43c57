package org.powersync.jakarta.storage;

import java.util.function.BooleanSupplier;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Makes buckets and parameter history smaller without changing what any client converges to
 * (storage section 8). An application-scoped CDI bean; safe for all threads, beside replication and
 * readers, and in several processes: a stream is compacted by one at a time.
 *
 * <p>A superseded operation loses its content (MOVE); the oldest operations of a bucket, once all
 * of them are superseded or removals, become one (CLEAR). Operation ids and the bucket's total
 * checksum stay. Work is committed in small steps, so an interrupted run loses nothing and the next
 * one goes on.
 */
public interface Compaction {
  /**
   * Compacts an ACTIVE stream; other states are left alone. Ends early, keeping what it did, when
   * {@code aborted} turns true or the time limit of the options is reached.
   */
  CompactionReport compact(GroupId stream, CompactionOptions options, BooleanSupplier aborted);

  /**
   * What follows a stream's first copy and its first checkpoint: records totals of its large
   * buckets, so that first checksums are quick. Nothing is rewritten, because a first copy
   * supersedes nothing.
   *
   * @return buckets looked at
   */
  int finishInitialReplication(GroupId stream, BooleanSupplier aborted);

  /**
   * Writes the current rows of a bucket anew, behind its last superseded operation, so that the
   * next compaction can clear everything before them. Clients receive these rows again; the
   * bucket's content stays the same at every checkpoint. Needs an ACTIVE stream; works beside
   * replication.
   */
  DefragmentationReport defragment(GroupId stream, BucketName bucket, BooleanSupplier aborted);
}
