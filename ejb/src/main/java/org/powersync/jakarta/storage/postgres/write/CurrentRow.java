package org.powersync.jakarta.storage.postgres.write;

import java.util.List;

/**
 * What storage knows of a source row.
 *
 * @param buckets where it is PUT at present; equal entries are possible
 * @param lookups what it provides at present
 * @param copy BSON of the row, {@link RowImage#NO_COPY} when none is kept, null when it was not
 *     loaded
 * @param live false while a soft delete waits for a checkpoint
 */
record CurrentRow(List<BucketRef> buckets, List<LookupKey> lookups, byte[] copy, boolean live) {
  /** A row without contents: soft-deleted. */
  static final CurrentRow DELETED = new CurrentRow(List.of(), List.of(), RowImage.NO_COPY, false);

  /** The same row with its copy, loaded later. */
  CurrentRow withCopy(byte[] loaded) {
    return new CurrentRow(buckets, lookups, loaded, live);
  }
}
