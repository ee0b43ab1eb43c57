package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import org.powersync.jakarta.storage.postgres.format.StoredRow;

/**
 * Everything that follows from a row alone, computed once, on any thread. Immutable; the arrays are
 * shared and not changed.
 *
 * @param completeness whether the row could be evaluated
 * @param puts in result order; duplicates are meaningful
 * @param buckets the places of {@code puts}, to be stored
 * @param lookups in result order
 * @param lookupKeys the keys of {@code lookups}, to be stored
 * @param copy BSON of the row or {@link #NO_COPY}
 */
record RowImage(
    Completeness completeness,
    List<BucketPut> puts,
    List<BucketRef> buckets,
    List<LookupRows> lookups,
    List<LookupKey> lookupKeys,
    byte[] copy) {
  /** The empty document, stored where no copy is kept. */
  static final byte[] NO_COPY = StoredRow.noCopy();

  /** What an image says about its row. */
  enum Completeness {
    /** Evaluated. */
    COMPLETE,
    /** Columns are absent: what is stored of the row stays as it is. */
    INCOMPLETE,
    /** Over the size limit: the row leaves all buckets. */
    TOO_LARGE
  }

  /** What storage knows of the row once all of this is written. */
  CurrentRow stored() {
    return new CurrentRow(buckets, lookupKeys, copy, true);
  }

  static RowImage incomplete(byte[] copy) {
    return empty(Completeness.INCOMPLETE, copy);
  }

  static RowImage tooLarge() {
    return empty(Completeness.TOO_LARGE, NO_COPY);
  }

  private static RowImage empty(Completeness completeness, byte[] copy) {
    return new RowImage(completeness, List.of(), List.of(), List.of(), List.of(), copy);
  }
}
