package org.powersync.jakarta.storage.postgres.read;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.OpId;

/** Cuts operations, which come bucket by bucket, into chunks (storage section 6.5). One thread. */
public final class ChunkBuilder {
  private final int chunkSize;
  private final List<BucketChunk> chunks = new ArrayList<>();
  private BucketPosition position;
  private List<BucketOperation> open = new ArrayList<>();
  private long openSize;
  private OptionalLong target = OptionalLong.empty();

  /**
   * @param chunkSize UTF-16 units of row text; a single larger row has a chunk of its own
   */
  public ChunkBuilder(int chunkSize) {
    this.chunkSize = chunkSize;
  }

  /** The operations that follow are of this bucket. */
  public void bucket(BucketPosition next) {
    close(false);
    position = next;
  }

  /** Adds the next operation of the bucket. */
  public void add(BucketOperation operation, OptionalLong targetOp) {
    int size = units(operation.data());
    if (openSize >= chunkSize || (!open.isEmpty() && openSize + size > chunkSize)) {
      close(true);
    }
    open.add(operation);
    openSize += size;
    if (targetOp.isPresent() && targetOp.getAsLong() > target.orElse(Long.MIN_VALUE)) {
      target = targetOp;
    }
  }

  /**
   * The chunks.
   *
   * @param more whether the operations were cut off by a limit
   */
  public List<BucketChunk> finish(boolean more) {
    close(more);
    return chunks;
  }

  private void close(boolean more) {
    if (open.isEmpty()) {
      return;
    }
    OpId last = new OpId(open.get(open.size() - 1).opId());
    chunks.add(new BucketChunk(position.bucket(), position.after(), last, more, open, target));
    position = new BucketPosition(position.bucket(), last);
    open = new ArrayList<>();
    openSize = 0;
    target = OptionalLong.empty();
  }

  /** UTF-16 units of a text in UTF-8: one per character, two per character of four bytes. */
  static int units(byte[] utf8) {
    if (utf8 == null) {
      return 0;
    }
    int units = utf8.length;
    for (byte b : utf8) {
      if (b < (byte) 0xC0) {
        units--;
      } else if (b >= (byte) 0xF0 && b < 0) {
        units++;
      }
    }
    return units;
  }
}
