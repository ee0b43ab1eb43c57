package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Computes what a checkpoint means for one client, relative to what it was told last (sync API
 * section 3.5). Reads storage, so it runs on a background thread; one call at a time.
 */
final class AnnouncementBuilder {
  private final RequestedBuckets requested;
  private final BucketReader reader;
  private final WriteCheckpoints writeCheckpoints;
  private final String fullUserId;
  private OpId seenCheckpoint;
  private OptionalLong seenWriteCheckpoint = OptionalLong.empty();

  AnnouncementBuilder(
      RequestedBuckets requested,
      BucketReader reader,
      WriteCheckpoints writeCheckpoints,
      String fullUserId) {
    this.requested = requested;
    this.reader = reader;
    this.writeCheckpoints = writeCheckpoints;
    this.fullUserId = fullUserId;
  }

  /**
   * The line this checkpoint gives, or nothing when it means no change for the client.
   *
   * @param last what was sent last; empty before the first line
   */
  Optional<Announcement> build(Checkpoint checkpoint, Optional<Announcement> last) {
    OptionalLong writeCheckpoint = effectiveWriteCheckpoint(checkpoint);
    if (checkpoint.opId().equals(seenCheckpoint) && writeCheckpoint.equals(seenWriteCheckpoint)) {
      return Optional.empty();
    }
    seenCheckpoint = checkpoint.opId();
    seenWriteCheckpoint = writeCheckpoint;
    if (last.isEmpty()) {
      return Optional.of(first(checkpoint.opId(), writeCheckpoint));
    }
    return diff(checkpoint.opId(), writeCheckpoint, last.get());
  }

  private OptionalLong effectiveWriteCheckpoint(Checkpoint checkpoint) {
    if (checkpoint.lsn().isEmpty()) {
      return OptionalLong.empty();
    }
    Long number = writeCheckpoints.effective(List.of(fullUserId), checkpoint.lsn()).get(fullUserId);
    return number == null || number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private Announcement first(OpId checkpoint, OptionalLong writeCheckpoint) {
    Map<BucketName, BucketDescriptor> buckets = describe(checkpoint);
    Line line =
        new Line.Checkpoint(
            checkpoint, writeCheckpoint, List.copyOf(buckets.values()), requested.streams());
    return new Announcement(
        checkpoint, writeCheckpoint, buckets, buckets.keySet(), List.of(), line);
  }

  private Optional<Announcement> diff(
      OpId checkpoint, OptionalLong writeCheckpoint, Announcement last) {
    // What a checkpoint shows never changes, so one already announced needs no query.
    Map<BucketName, BucketDescriptor> buckets =
        checkpoint.equals(last.checkpoint()) ? last.buckets() : describe(checkpoint);
    List<BucketDescriptor> updated = new ArrayList<>();
    for (BucketDescriptor bucket : buckets.values()) {
      BucketDescriptor before = last.buckets().get(bucket.bucket());
      if (before == null || !before.checksum().equals(bucket.checksum())) {
        updated.add(bucket);
      }
    }
    List<BucketName> removed =
        last.buckets().keySet().stream().filter(name -> !buckets.containsKey(name)).toList();
    if (updated.isEmpty() && removed.isEmpty() && writeCheckpoint.equals(last.writeCheckpoint())) {
      return Optional.empty();
    }
    Line line = new Line.CheckpointDiff(checkpoint, writeCheckpoint, List.copyOf(updated), removed);
    List<BucketName> changed = updated.stream().map(BucketDescriptor::bucket).toList();
    return Optional.of(
        new Announcement(checkpoint, writeCheckpoint, buckets, changed, removed, line));
  }

  private Map<BucketName, BucketDescriptor> describe(OpId checkpoint) {
    Map<BucketName, RequestedBuckets.Requested> buckets = requested.at(checkpoint, reader);
    if (buckets.isEmpty()) {
      return Map.of();
    }
    Map<BucketName, BucketChecksum> checksums = reader.checksums(checkpoint, buckets.keySet());
    Map<BucketName, BucketDescriptor> described = new LinkedHashMap<>();
    buckets.forEach(
        (name, bucket) ->
            described.put(
                name,
                new BucketDescriptor(
                    name,
                    checksums.getOrDefault(name, BucketChecksum.EMPTY),
                    bucket.priority(),
                    bucket.reasons())));
    return described;
  }
}
