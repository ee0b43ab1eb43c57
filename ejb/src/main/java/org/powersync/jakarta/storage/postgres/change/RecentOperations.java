package org.powersync.jakarta.storage.postgres.change;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * The operations of transactions that follow each other without a gap in operation ids, by bucket.
 * What it says of a bucket is complete: an operation that was forgotten makes it say nothing of the
 * time before. Bounded in bytes. Guarded by its owner.
 */
final class RecentOperations {
  private static final long MOST_BYTES = 8L << 20;

  /** Of an operation and of its place here, beside the row. */
  private static final int OPERATION_BYTES = 300;

  private static final int MOST_FORGETFUL_BUCKETS = 20_000;

  private record Kept(OwnCommits.Group group, long bytes) {}

  private final Deque<Kept> groups = new ArrayDeque<>();
  private final Map<BucketName, Deque<BucketOperation>> byBucket = new HashMap<>();

  /** The last operation that was forgotten of a bucket. */
  private final Map<BucketName, OpId> forgotten = new HashMap<>();

  private GroupId stream;
  private OpId begin = OpId.ZERO;
  private OpId end = OpId.ZERO;
  private long bytes;

  /** A transaction was committed. */
  void add(OwnCommits.Group group) {
    if (!group.stream().equals(stream) || !group.from().equals(end)) {
      groups.clear();
      byBucket.clear();
      forgotten.clear();
      bytes = 0;
      stream = group.stream();
      begin = group.from();
    }
    end = group.to();
    group
        .operations()
        .forEach(
            (bucket, operations) ->
                byBucket.computeIfAbsent(bucket, name -> new ArrayDeque<>(4)).addAll(operations));
    Kept kept = new Kept(group, bytesOf(group));
    groups.addLast(kept);
    bytes += kept.bytes();
    while (bytes > MOST_BYTES) {
      forgetOldest();
    }
  }

  /** The operations of a bucket after a position and up to another; empty when not all are here. */
  Optional<List<BucketOperation>> between(GroupId of, BucketName bucket, OpId after, OpId upTo) {
    if (!of.equals(stream)
        || upTo.compareTo(end) > 0
        || after.compareTo(forgotten.getOrDefault(bucket, begin)) < 0) {
      return Optional.empty();
    }
    Deque<BucketOperation> found = new ArrayDeque<>();
    Deque<BucketOperation> known = byBucket.get(bucket);
    if (known != null) {
      Iterator<BucketOperation> newestFirst = known.descendingIterator();
      while (newestFirst.hasNext()) {
        BucketOperation operation = newestFirst.next();
        if (operation.opId() <= after.value()) {
          break;
        }
        if (operation.opId() <= upTo.value()) {
          found.addFirst(operation);
        }
      }
    }
    return Optional.of(List.copyOf(found));
  }

  private void forgetOldest() {
    Kept oldest = groups.removeFirst();
    bytes -= oldest.bytes();
    oldest
        .group()
        .operations()
        .forEach(
            (bucket, operations) -> {
              Deque<BucketOperation> known = byBucket.get(bucket);
              operations.forEach(operation -> known.removeFirst());
              if (known.isEmpty()) {
                byBucket.remove(bucket);
              }
              forgotten.put(bucket, new OpId(operations.get(operations.size() - 1).opId()));
            });
    if (forgotten.size() > MOST_FORGETFUL_BUCKETS) {
      forgotten.clear();
      begin = oldest.group().to();
    }
  }

  private static long bytesOf(OwnCommits.Group group) {
    long bytes = 0;
    for (List<BucketOperation> operations : group.operations().values()) {
      for (BucketOperation operation : operations) {
        bytes += OPERATION_BYTES + (operation.data() == null ? 0 : operation.data().length);
      }
    }
    return bytes;
  }
}
