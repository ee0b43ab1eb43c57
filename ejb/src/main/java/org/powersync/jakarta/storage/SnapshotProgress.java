package org.powersync.jakarta.storage;

import java.util.Optional;

/**
 * How far a table's first copy is.
 *
 * @param estimatedRows −1 = unknown
 * @param copiedRows rows copied so far
 * @param lastKey the source's cursor, opaque bytes
 */
public record SnapshotProgress(long estimatedRows, long copiedRows, Optional<byte[]> lastKey) {
  public static final SnapshotProgress NONE = new SnapshotProgress(-1, 0, Optional.empty());
}
