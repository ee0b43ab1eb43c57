package org.powersync.jakarta.storage;

import java.util.Optional;

/**
 * What is recorded of the source a stream comes from, beside the stored form that is shared with
 * others. It tells a storage that was set back to an earlier state from one that is up to date
 * (replication section 5.1).
 *
 * @param position of the last commit of this product, also of one that was not allowed to become
 *     visible; the source is never told more than this
 * @param system identifier of the source server
 * @param origin where the stream comes from
 */
public record SourceMark(Optional<Lsn> position, Optional<Origin> origin) {

  /**
   * Where a stream comes from.
   *
   * @param system identifier of the source server
   * @param timeline raised when the server fails over or is recovered
   * @param publication number of the publication, which a new one of the same name does not share
   */
  public record Origin(String system, int timeline, long publication) {}
}
