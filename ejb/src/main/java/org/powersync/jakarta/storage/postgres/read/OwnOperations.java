package org.powersync.jakarta.storage.postgres.read;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.read.ChecksumsQuery.Range;

/**
 * Answers about operations that this process committed a moment ago, without a query. Says what
 * storage said then: compaction since may have replaced operations, but neither what they add up to
 * nor what a client has that takes them all. Safe for all threads.
 */
final class OwnOperations {
  private final OwnCommits commits;
  private final GroupId stream;

  OwnOperations(OwnCommits commits, GroupId stream) {
    this.commits = commits;
    this.stream = stream;
  }

  /**
   * As {@link OperationsQuery#read}; empty when not all operations are known here, or they are more
   * than one batch.
   */
  Optional<List<BucketChunk>> chunks(
      OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    ChunkBuilder chunks = new ChunkBuilder(limits.chunkSize());
    int count = 0;
    for (BucketPosition position :
        positions.stream().sorted(Comparator.comparing(BucketPosition::bucket)).toList()) {
      Optional<List<BucketOperation>> operations =
          commits.operations(stream, position.bucket(), position.after(), checkpoint);
      count += operations.map(List::size).orElse(0);
      if (operations.isEmpty() || count >= limits.rows()) {
        return Optional.empty();
      }
      chunks.bucket(position);
      operations.get().forEach(operation -> chunks.add(operation, OptionalLong.empty()));
    }
    return Optional.of(chunks.finish(false));
  }

  /** As {@link ChecksumsQuery#sum}, which is asked for what is not known here. */
  ChecksumCache.Summing orElse(ChecksumCache.Summing query) {
    return (checkpoint, ranges) -> sum(checkpoint, ranges, query);
  }

  private List<BucketChecksum> sum(
      OpId checkpoint, List<Range> ranges, ChecksumCache.Summing query) {
    List<BucketChecksum> sums = new ArrayList<>(ranges.size());
    List<Range> unknown = new ArrayList<>();
    for (Range range : ranges) {
      Optional<BucketChecksum> sum =
          commits
              .operations(stream, range.bucket(), range.after(), checkpoint)
              .map(operations -> sum(range.known(), operations));
      sums.add(sum.orElse(null));
      if (sum.isEmpty()) {
        unknown.add(range);
      }
    }
    if (!unknown.isEmpty()) {
      List<BucketChecksum> asked = query.sum(checkpoint, unknown);
      int next = 0;
      for (int i = 0; i < sums.size(); i++) {
        if (sums.get(i) == null) {
          sums.set(i, asked.get(next++));
        }
      }
    }
    return sums;
  }

  private static BucketChecksum sum(BucketChecksum known, List<BucketOperation> operations) {
    int sum = known.checksum();
    for (BucketOperation operation : operations) {
      sum += (int) operation.checksum();
    }
    return new BucketChecksum(sum, known.count() + operations.size());
  }
}
