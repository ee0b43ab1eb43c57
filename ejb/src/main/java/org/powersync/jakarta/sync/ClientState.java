package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * What the client of one stream has: the announcement sent last, its position and checksum in each
 * bucket, and the buckets still to be sent. Changed only after a line was sent, by the stream's
 * thread.
 */
final class ClientState {
  private final Map<BucketName, OpId> positions = new HashMap<>();
  private final Map<BucketName, Integer> sums = new HashMap<>();
  private final Set<BucketName> pending = new HashSet<>();
  private Optional<Announcement> last = Optional.empty();

  /**
   * @param positions what the request says the client holds
   */
  ClientState(Map<BucketName, OpId> positions) {
    this.positions.putAll(positions);
  }

  /** What was sent last; empty before the first checkpoint line. */
  Optional<Announcement> last() {
    return last;
  }

  /** A checkpoint line was sent. */
  void announced(Announcement announcement) {
    if (last.isEmpty()) {
      // The client drops what the first line does not list; such a bucket would start anew.
      positions.keySet().retainAll(announcement.buckets().keySet());
    }
    positions.keySet().removeAll(Set.copyOf(announcement.removed()));
    sums.keySet().retainAll(positions.keySet());
    pending.retainAll(announcement.buckets().keySet());
    pending.addAll(announcement.changed());
    last = Optional.of(announcement);
  }

  /** Buckets to be sent, by ascending priority number; one group without buckets if none is. */
  SortedMap<Integer, List<BucketName>> pendingGroups() {
    Map<BucketName, BucketDescriptor> buckets = last.orElseThrow().buckets();
    SortedMap<Integer, List<BucketName>> groups = new TreeMap<>();
    for (BucketName bucket : pending) {
      groups
          .computeIfAbsent(buckets.get(bucket).priority(), priority -> new ArrayList<>())
          .add(bucket);
    }
    if (groups.isEmpty()) {
      groups.put(0, List.of());
    }
    return groups;
  }

  /** Where to read on; buckets that cannot have more within the last checkpoint are left out. */
  List<BucketPosition> toRead(Collection<BucketName> group) {
    Announcement announcement = last.orElseThrow();
    List<BucketPosition> reads = new ArrayList<>(group.size());
    for (BucketName bucket : group) {
      OpId after = positions.getOrDefault(bucket, OpId.ZERO);
      if (!announcement.buckets().get(bucket).empty()
          && after.compareTo(announcement.checkpoint()) < 0) {
        reads.add(new BucketPosition(bucket, after));
      }
    }
    return reads;
  }

  /** A chunk was sent. */
  void advanced(BucketChunk chunk) {
    BucketName bucket = chunk.bucket();
    Integer sum = sum(bucket);
    positions.put(bucket, chunk.nextAfter());
    if (sum != null) {
      sums.put(bucket, sumAfter(sum, chunk));
    }
  }

  /**
   * Everything of these buckets within the last checkpoint was sent.
   *
   * @return the buckets whose operations do not add up to what was announced: compaction removed
   *     operations between checksum and data, or storage is wrong
   */
  List<BucketName> completed(Collection<BucketName> buckets) {
    Map<BucketName, BucketDescriptor> announced = last.orElseThrow().buckets();
    List<BucketName> wrong = new ArrayList<>();
    for (BucketName bucket : buckets) {
      if (!pending.remove(bucket)) {
        continue; // It was looked at after its last chunk.
      }
      int expected = announced.get(bucket).checksum().checksum();
      Integer sum = sum(bucket);
      if (sum == null) {
        // What a client brings with it only the client can check.
        sums.put(bucket, expected);
      } else if (sum != expected) {
        wrong.add(bucket);
      }
    }
    return wrong;
  }

  /** The checksum over what the client has of a bucket; null when it is not known. */
  private Integer sum(BucketName bucket) {
    boolean fromStart = positions.getOrDefault(bucket, OpId.ZERO).equals(OpId.ZERO);
    return fromStart ? Integer.valueOf(0) : sums.get(bucket);
  }

  private static int sumAfter(int before, BucketChunk chunk) {
    int sum = before;
    for (BucketOperation operation : chunk.operations()) {
      boolean replacesAll = operation.kind() == BucketOperation.Kind.CLEAR;
      sum = (int) operation.checksum() + (replacesAll ? 0 : sum);
    }
    return sum;
  }
}
