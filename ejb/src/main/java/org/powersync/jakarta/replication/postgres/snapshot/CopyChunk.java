package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.List;
import java.util.Optional;

/**
 * Neighbouring rows of a table as read, to be decoded and stored by whoever takes them.
 *
 * @param number of the chunk in its table, from 0; {@link #END} = nothing but the news that the
 *     table is read
 * @param end where the copy can be resumed once this chunk and all before it are stored
 */
record CopyChunk(TableCopy table, long number, List<byte[]> lines, Optional<ResumePoint> end) {
  static final long END = -1;

  /** The news that a table is read. */
  static CopyChunk end(TableCopy table) {
    return new CopyChunk(table, END, List.of(), Optional.empty());
  }
}
