package org.powersync.jakarta.storage;

import java.util.List;
import org.powersync.jakarta.syncconfig.BucketName;

/** Which buckets are large, for operators. Safe for all threads. */
public interface BucketSizes {
  /**
   * The buckets of a stream with the most operations. Costs a few seconds of the database at most,
   * however much is stored; throws {@link org.powersync.jakarta.error.PowerSyncException}.
   *
   * @param count how many at most
   */
  Largest largest(GroupId stream, int count);

  /**
   * @param buckets the largest first
   */
  record Largest(Basis basis, List<Bucket> buckets) {
    public Largest {
      buckets = List.copyOf(buckets);
    }
  }

  /** Where the numbers come from. */
  enum Basis {
    /** All operations were counted. */
    COUNTED,
    /** Estimated from statistics of the database, since there are very many operations. */
    ESTIMATED,
    /** Only some operations were counted: there are very many, and no statistics yet. */
    PARTLY_COUNTED
  }

  /** The size of one bucket. */
  record Bucket(BucketName name, long operations, OpId lastOpId) {}
}
