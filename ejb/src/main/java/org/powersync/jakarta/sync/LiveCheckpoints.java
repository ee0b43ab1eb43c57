package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * The checkpoints of one replication stream, for all sync streams of the process. What changed is
 * found out once per checkpoint, and only the streams it concerns are told; write checkpoints of
 * all connected users are looked up together. So the work per checkpoint follows what changed, not
 * who is connected (decision D7 of the design).
 *
 * <p>{@link #advanced}, {@link #lookUpWriteCheckpoints} and {@link #end} are for one watching
 * thread; the rest for any.
 */
final class LiveCheckpoints {
  private static final Logger LOG = Logger.getLogger(LiveCheckpoints.class.getName());
  private static final Dependencies NONE = new Dependencies(Set.of(), Set.of());

  /** So many operations are summed in no time. */
  private static final int FEW_OPERATIONS = 10_000;

  private final ChangeFeed feed;
  private final WriteCheckpointLookups lookups;

  private final Lock lock = new ReentrantLock();
  private final Set<StreamWatch> watches = new LinkedHashSet<>();

  /** Those that could announce nothing yet, or not last time: every checkpoint concerns them. */
  private final Set<StreamWatch> undetermined = new LinkedHashSet<>();

  private final Map<String, Set<StreamWatch>> byUser = new HashMap<>();
  private final InterestIndex interests = new InterestIndex();
  private Checkpoint current;
  private long seenNanos;

  /** Written under the lock; every stream reads it as soon as it is told. */
  private volatile RecentChanges recent = RecentChanges.since(OpId.ZERO);

  /** Whether a user came since the users were last listed. */
  private boolean joined;

  private boolean ended;
  private RuntimeException failure;

  /**
   * @param background looks up write checkpoints while changes are found out
   */
  LiveCheckpoints(
      ChangeFeed feed, WriteCheckpoints writeCheckpoints, Executor background, InstantSource time) {
    this.feed = feed;
    this.lookups = new WriteCheckpointLookups(writeCheckpoints, background, time);
  }

  /** A place for a stream; the current checkpoint is the first thing it is told. */
  StreamWatch watch(String fullUserId) {
    StreamWatch watch = new StreamWatch(this, fullUserId);
    lock.lock();
    try {
      if (ended) {
        watch.end(failure);
        return watch;
      }
      watches.add(watch);
      undetermined.add(watch);
      joined = true;
      byUser.computeIfAbsent(fullUserId, user -> new LinkedHashSet<>(2)).add(watch);
      if (current != null) {
        watch.offer(due(watch));
      }
      return watch;
    } finally {
      lock.unlock();
    }
  }

  void leave(StreamWatch watch) {
    lock.lock();
    try {
      if (watches.remove(watch)) {
        undetermined.remove(watch);
        interests.replace(watch, watch.dependencies(), NONE);
        byUser.computeIfPresent(
            watch.user(),
            (user, all) -> {
              all.remove(watch);
              return all.isEmpty() ? null : all;
            });
      }
    } finally {
      lock.unlock();
    }
  }

  void dependsOn(StreamWatch watch, Dependencies dependencies, OpId asOf) {
    lock.lock();
    try {
      if (!watches.contains(watch)) {
        return;
      }
      if (dependencies != watch.dependencies()) {
        interests.replace(watch, watch.dependencies(), dependencies);
        watch.dependencies(dependencies);
      }
      undetermined.remove(watch);
      // While it was computed nobody knew what concerns this stream.
      if (recent.between(asOf, current.opId()).concern(dependencies)) {
        watch.offer(due(watch));
      }
    } finally {
      lock.unlock();
    }
  }

  void dropped(StreamWatch watch, OpId checkpoint) {
    lock.lock();
    try {
      if (watches.contains(watch)) {
        undetermined.add(watch);
        if (current.opId().compareTo(checkpoint) > 0) {
          watch.offer(due(watch));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  Changes changes(OpId after, OpId upTo) {
    return recent.between(after, upTo);
  }

  /** Whether at least two streams depend on each of these buckets. */
  boolean shared(List<BucketName> buckets) {
    lock.lock();
    try {
      for (BucketName bucket : buckets) {
        if (interests.streams(bucket) < 2) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A user asked for a write checkpoint in this process; it will be wanted soon. */
  void writeCheckpointRequested() {
    lookups.expected();
  }

  /** Replication went on. */
  void advanced(Checkpoint next) {
    long now = System.nanoTime();
    Checkpoint before = current;
    boolean watched = watched();
    if (before == null || !next.lsn().equals(before.lsn())) {
      lookups.changed();
    }
    WriteCheckpointLookups.Question question = lookups.isDue() ? lookups.ask(users(), next) : null;
    Changes changes = Changes.NOTHING;
    if (before != null && watched && !next.opId().equals(before.opId())) {
      changes = changesBetween(before.opId(), next.opId());
      if (next.opId().value() - before.opId().value() <= FEW_OPERATIONS) {
        prepare(next.opId(), changes);
      }
    }
    Map<String, OptionalLong> numbers = question == null ? Map.of() : lookups.answer(question);
    Map<StreamWatch, StreamWatch.Due> told;
    lock.lock();
    try {
      current = next;
      seenNanos = now;
      if (before == null || !watched) {
        recent = RecentChanges.since(next.opId());
      } else if (!next.opId().equals(before.opId())) {
        recent = recent.and(next.opId(), changes);
      }
      Set<StreamWatch> concerned = new LinkedHashSet<>();
      if (watched && changes instanceof Changes.Only only) {
        interests.concerned(only, concerned::add);
        concerned.addAll(undetermined);
      } else {
        concerned.addAll(watches);
      }
      told = due(concerned, numbers);
    } finally {
      lock.unlock();
    }
    tell(told);
  }

  private boolean watched() {
    lock.lock();
    try {
      return !watches.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private Changes changesBetween(OpId after, OpId upTo) {
    try {
      return feed.between(after, upTo);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "What changed is not known; every stream looks for itself", e);
      return Changes.EVERYTHING;
    }
  }

  /** What all streams of a bucket ask first is asked once, before they are told. */
  private void prepare(OpId checkpoint, Changes changes) {
    if (!(changes instanceof Changes.Only only)) {
      return;
    }
    List<BucketName> buckets;
    lock.lock();
    try {
      buckets = interests.ofInterest(only.buckets());
    } finally {
      lock.unlock();
    }
    try {
      feed.prepare(checkpoint, buckets);
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "Checksums were not prepared; every stream asks for itself", e);
    }
  }

  /** How long until {@link #lookUpWriteCheckpoints} has something to do. */
  Duration untilLookUp() {
    return lookups.untilDue();
  }

  /** Tells the streams whose write checkpoint became effective, if it is time to look. */
  void lookUpWriteCheckpoints() {
    if (current == null || !lookups.isDue()) {
      return;
    }
    Map<String, OptionalLong> numbers = lookups.answer(lookups.ask(users(), current));
    Map<StreamWatch, StreamWatch.Due> told;
    lock.lock();
    try {
      told = due(new LinkedHashSet<>(), numbers);
    } finally {
      lock.unlock();
    }
    tell(told);
  }

  private List<String> users() {
    lock.lock();
    try {
      joined = false;
      return List.copyOf(byUser.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * What to tell these streams, and those whose write checkpoint is another; under the lock.
   *
   * @param concerned is added to
   */
  private Map<StreamWatch, StreamWatch.Due> due(
      Set<StreamWatch> concerned, Map<String, OptionalLong> numbers) {
    // A user who came while the numbers were read is not among them.
    if (joined) {
      lookups.changed();
    }
    numbers.forEach(
        (user, number) -> {
          for (StreamWatch watch : byUser.getOrDefault(user, Set.of())) {
            if (!number.equals(watch.writeCheckpoint())) {
              watch.writeCheckpoint(number);
              concerned.add(watch);
            }
          }
        });
    Map<StreamWatch, StreamWatch.Due> due = new LinkedHashMap<>(2 * concerned.size());
    concerned.forEach(watch -> due.put(watch, due(watch)));
    return due;
  }

  /**
   * Wakes up the streams, which come for the lock then, so nobody holds it. What others offer them
   * meanwhile is of the same checkpoint: only the watching thread goes on to the next.
   */
  private static void tell(Map<StreamWatch, StreamWatch.Due> due) {
    due.forEach(StreamWatch::offer);
  }

  private StreamWatch.Due due(StreamWatch watch) {
    Checkpoint checkpoint = current;
    OptionalLong known = watch.writeCheckpoint();
    Supplier<OptionalLong> number =
        known != null ? () -> known : () -> ofOneUser(watch, checkpoint);
    return new StreamWatch.Due(checkpoint, number, known == null, seenNanos);
  }

  /** The number of a user who has just come, to be compared with from now on. */
  private OptionalLong ofOneUser(StreamWatch watch, Checkpoint checkpoint) {
    OptionalLong number = lookups.ofOne(watch.user(), checkpoint);
    lock.lock();
    try {
      if (watch.writeCheckpoint() == null) {
        watch.writeCheckpoint(number);
      }
    } finally {
      lock.unlock();
    }
    return number;
  }

  /**
   * There will be no more checkpoints.
   *
   * @param reason why watching failed; empty when another sync config became active
   */
  void end(Optional<RuntimeException> reason) {
    lock.lock();
    try {
      ended = true;
      failure = reason.orElse(null);
      watches.forEach(watch -> watch.end(failure));
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #end} was called. */
  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
