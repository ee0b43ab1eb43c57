package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Computes what a checkpoint means for one client, relative to what it was told last (sync API
 * section 3.5). Asks only about what changed since it last looked. Reads storage, unless it is
 * {@link #ready}, so it runs on a background thread then; one call at a time.
 */
final class AnnouncementBuilder {
  private final RequestedBuckets requested;
  private final BucketReader reader;
  private final CheckpointWatch watch;
  private final StreamJournal journal;
  private final long openedNanos = System.nanoTime();
  private DeliveryClock clock;
  private OpId seenCheckpoint;
  private OptionalLong seenWriteCheckpoint = OptionalLong.empty();
  private View view;

  AnnouncementBuilder(
      RequestedBuckets requested,
      BucketReader reader,
      CheckpointWatch watch,
      StreamJournal journal) {
    this.requested = requested;
    this.reader = reader;
    this.watch = watch;
    this.journal = journal;
  }

  /** The buckets of the connection as they were when last looked at, whether sent or not. */
  private record View(
      OpId at,
      RequestedBuckets.Resolved resolved,
      Map<BucketName, BucketDescriptor> buckets,
      Dependencies dependencies) {}

  /** Whether all that {@link #build} needs is at hand, so that it reads no storage. */
  boolean ready(CheckpointWatch.Due due) {
    if (view == null || due.queries()) {
      return false;
    }
    OpId at = due.checkpoint().opId();
    return changesSince(at) instanceof Changes.Only changes
        && sameBuckets(changes)
        && reader.knowsChecksums(at, stale(changes, view.resolved()));
  }

  /**
   * The line this checkpoint gives, or nothing when it means no change for the client.
   *
   * @param last what was sent last; empty before the first line
   */
  Optional<Announcement> build(CheckpointWatch.Due due, Optional<Announcement> last) {
    OpId checkpoint = due.checkpoint().opId();
    OptionalLong writeCheckpoint = due.writeCheckpoint().get();
    if (checkpoint.equals(seenCheckpoint) && writeCheckpoint.equals(seenWriteCheckpoint)) {
      return Optional.empty();
    }
    seenCheckpoint = checkpoint;
    seenWriteCheckpoint = writeCheckpoint;
    // A stream does not answer for the time before it was there.
    boolean seenBefore = due.seenNanos() - openedNanos < 0;
    clock = new DeliveryClock(seenBefore ? openedNanos : due.seenNanos());
    clock.begun();
    try {
      view = look(checkpoint);
    } catch (CompactedCheckpointException e) {
      // Nothing of this candidate counts; the next one is computed from what was sent.
      view = null;
      watch.dropped(checkpoint);
      noteCompacted(checkpoint);
      return Optional.empty();
    }
    watch.dependsOn(view.dependencies(), checkpoint);
    return last.isEmpty()
        ? Optional.of(first(due.checkpoint(), writeCheckpoint))
        : diff(due.checkpoint(), writeCheckpoint, last.get());
  }

  private void noteCompacted(OpId checkpoint) {
    if (journal.detailed()) {
      journal.delivered(
          clock.note(
              checkpoint,
              StreamJournal.Outcome.COMPACTED_BEFORE_CHECKPOINT_LINE,
              OptionalInt.empty(),
              0,
              0));
    }
  }

  private Announcement first(Checkpoint checkpoint, OptionalLong writeCheckpoint) {
    Map<BucketName, BucketDescriptor> buckets = view.buckets();
    Line line =
        new Line.Checkpoint(
            checkpoint.opId(), writeCheckpoint, List.copyOf(buckets.values()), requested.streams());
    return announcement(checkpoint, writeCheckpoint, buckets.keySet(), List.of(), line);
  }

  private Announcement announcement(
      Checkpoint checkpoint,
      OptionalLong writeCheckpoint,
      Collection<BucketName> changed,
      List<BucketName> removed,
      Line line) {
    return new Announcement(
        checkpoint.opId(),
        writeCheckpoint,
        view.buckets(),
        changed,
        removed,
        line,
        checkpoint.lsn(),
        view.resolved().parameterRows(),
        clock);
  }

  private Optional<Announcement> diff(
      Checkpoint checkpoint, OptionalLong writeCheckpoint, Announcement last) {
    Map<BucketName, BucketDescriptor> buckets = view.buckets();
    List<BucketDescriptor> updated = new ArrayList<>();
    List<BucketName> removed = List.of();
    if (buckets != last.buckets()) {
      for (BucketDescriptor bucket : buckets.values()) {
        BucketDescriptor before = last.buckets().get(bucket.bucket());
        if (before == null || !before.checksum().equals(bucket.checksum())) {
          updated.add(bucket);
        }
      }
      removed =
          last.buckets().keySet().stream().filter(name -> !buckets.containsKey(name)).toList();
    }
    if (updated.isEmpty() && removed.isEmpty() && writeCheckpoint.equals(last.writeCheckpoint())) {
      return Optional.empty();
    }
    Line line =
        new Line.CheckpointDiff(checkpoint.opId(), writeCheckpoint, List.copyOf(updated), removed);
    List<BucketName> changed = updated.stream().map(BucketDescriptor::bucket).toList();
    return Optional.of(announcement(checkpoint, writeCheckpoint, changed, removed, line));
  }

  private View look(OpId at) {
    if (view == null) {
      return lookAtAll(at);
    }
    return changesSince(at) instanceof Changes.Only only ? lookAt(only, at) : lookAtAll(at);
  }

  /** What a checkpoint shows never changes. */
  private Changes changesSince(OpId at) {
    return view.at().equals(at) ? Changes.NOTHING : watch.changes(view.at(), at);
  }

  private View lookAtAll(OpId at) {
    RequestedBuckets.Resolved resolved = resolve(at);
    return describe(at, resolved, Map.of(), resolved.buckets().keySet());
  }

  private RequestedBuckets.Resolved resolve(OpId at) {
    long start = System.nanoTime();
    RequestedBuckets.Resolved resolved = requested.at(at, reader);
    clock.addSince(StreamJournal.Phase.PARAMETERS, start);
    return resolved;
  }

  private Map<BucketName, BucketChecksum> checksums(OpId at, Collection<BucketName> buckets) {
    long start = System.nanoTime();
    Map<BucketName, BucketChecksum> checksums = reader.checksums(at, buckets);
    clock.addSince(StreamJournal.Phase.CHECKSUM, start);
    return checksums;
  }

  private View lookAt(Changes.Only changes, OpId at) {
    boolean sameBuckets = sameBuckets(changes);
    RequestedBuckets.Resolved resolved = sameBuckets ? view.resolved() : resolve(at);
    List<BucketName> stale = stale(changes, resolved);
    return sameBuckets && stale.isEmpty()
        ? new View(at, view.resolved(), view.buckets(), view.dependencies())
        : describe(at, resolved, view.buckets(), stale);
  }

  private boolean sameBuckets(Changes.Only changes) {
    return Collections.disjoint(changes.lookups(), view.resolved().lookups());
  }

  /** Buckets whose checksum is not known from before. */
  private List<BucketName> stale(Changes.Only changes, RequestedBuckets.Resolved resolved) {
    List<BucketName> stale = new ArrayList<>();
    for (BucketName bucket : resolved.buckets().keySet()) {
      if (changes.buckets().contains(bucket) || !view.buckets().containsKey(bucket)) {
        stale.add(bucket);
      }
    }
    return stale;
  }

  /**
   * @param known descriptors of before, of buckets that are not stale
   */
  private View describe(
      OpId at,
      RequestedBuckets.Resolved resolved,
      Map<BucketName, BucketDescriptor> known,
      Collection<BucketName> stale) {
    Map<BucketName, BucketChecksum> checksums = stale.isEmpty() ? Map.of() : checksums(at, stale);
    Map<BucketName, BucketDescriptor> described =
        new LinkedHashMap<>(2 * resolved.buckets().size());
    Set<BucketName> asked = Set.copyOf(stale);
    resolved
        .buckets()
        .forEach(
            (name, bucket) -> {
              BucketChecksum checksum =
                  asked.contains(name)
                      ? checksums.getOrDefault(name, BucketChecksum.EMPTY)
                      : known.get(name).checksum();
              described.put(
                  name, new BucketDescriptor(name, checksum, bucket.priority(), bucket.reasons()));
            });
    return new View(
        at,
        resolved,
        Collections.unmodifiableMap(described),
        view != null && view.resolved() == resolved
            ? view.dependencies()
            : new Dependencies(resolved.buckets().keySet(), resolved.lookups()));
  }
}
