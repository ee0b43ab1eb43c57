package org.powersync.jakarta.sync;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.syncconfig.BucketName;

/** Counts what one stream sends. One thread. */
final class SentOperations {
  /** A line with more operations makes its bucket a large one. */
  static final int LARGE = 100;

  private static final Kind[] KINDS = Kind.values();

  private final long[] byKind = new long[KINDS.length];
  private final Set<BucketName> large = new LinkedHashSet<>();
  private long operations;
  private long bytes;

  /** A line of this length was sent. */
  void add(Line line, int length) {
    bytes += length;
    if (line instanceof Line.Data data) {
      add(data.chunk());
    }
  }

  private void add(BucketChunk chunk) {
    List<BucketOperation> sent = chunk.operations();
    for (BucketOperation operation : sent) {
      byKind[operation.kind().ordinal()]++;
    }
    operations += sent.size();
    if (sent.size() > LARGE && large.size() < StreamJournal.MAX_BUCKETS) {
      large.add(chunk.bucket());
    }
  }

  long operations() {
    return operations;
  }

  long bytes() {
    return bytes;
  }

  StreamTotals totals() {
    Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
    for (Kind kind : KINDS) {
      kinds.put(kind, byKind[kind.ordinal()]);
    }
    return new StreamTotals(kinds, bytes, List.copyOf(large));
  }
}
