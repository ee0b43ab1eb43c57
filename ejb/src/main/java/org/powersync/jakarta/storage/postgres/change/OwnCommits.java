package org.powersync.jakarta.storage.postgres.change;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * What this process committed last, for its own readers: they need not wait for a notification nor
 * ask storage what changed and how, which other processes have to. Nothing is lost with it. Safe
 * for all threads.
 */
public final class OwnCommits {
  private static final int KEPT = 64;

  /** Transactions with more operations are not worth remembering. */
  public static final int MOST_OPERATIONS = 1_000;

  private final List<Consumer<Checkpoint>> listeners = new CopyOnWriteArrayList<>();

  // Guarded by this object.
  private final Deque<ChangeSet> changeSets = new ArrayDeque<>();
  private final RecentOperations operations = new RecentOperations();
  private Group committing;

  /**
   * A transaction that leads from one checkpoint to the next.
   *
   * @param from checkpoint that was published before
   * @param to checkpoint that it makes; every operation id in between is its own
   * @param operations of the buckets that it changes, ascending, at least one of each
   * @param lookups that it gives rows or takes rows from
   */
  public record Group(
      GroupId stream,
      OpId from,
      OpId to,
      Map<BucketName, List<BucketOperation>> operations,
      Set<ParameterLookup> lookups) {}

  private record ChangeSet(
      GroupId stream, OpId from, OpId to, Set<BucketName> buckets, Set<ParameterLookup> lookups) {}

  /**
   * A transaction is about to commit. That it changes something may be known too early: one that
   * fails does no harm. Its operations count when it {@link #committed}.
   */
  public synchronized void committing(Group group) {
    committing = group;
    changeSets.addLast(
        new ChangeSet(
            group.stream(),
            group.from(),
            group.to(),
            Set.copyOf(group.operations().keySet()),
            group.lookups()));
    if (changeSets.size() > KEPT) {
      changeSets.removeFirst();
    }
  }

  /** A checkpoint of the active stream was committed, by the transaction named last if at all. */
  public void committed(Checkpoint checkpoint) {
    synchronized (this) {
      if (committing != null
          && committing.stream().equals(checkpoint.stream())
          && committing.to().equals(checkpoint.opId())) {
        operations.add(committing);
      }
      committing = null;
    }
    listeners.forEach(listener -> listener.accept(checkpoint));
  }

  /** Has a listener hear of every checkpoint, on the committing thread. */
  public void listen(Consumer<Checkpoint> listener) {
    listeners.add(listener);
  }

  /**
   * The operations of a bucket after a position and up to a published checkpoint, ascending; empty
   * when this process did not make all of them or forgot some.
   */
  public synchronized Optional<List<BucketOperation>> operations(
      GroupId stream, BucketName bucket, OpId after, OpId upTo) {
    return operations.between(stream, bucket, after, upTo);
  }

  /** What changed between two checkpoints; empty when this process did not make all of it. */
  synchronized Optional<CheckpointChanges> between(GroupId stream, OpId after, OpId upTo) {
    Set<BucketName> buckets = new HashSet<>();
    Set<ParameterLookup> lookups = new HashSet<>();
    OpId reached = after;
    for (ChangeSet changes : changeSets) {
      if (changes.stream().equals(stream)
          && changes.from().equals(reached)
          && changes.to().compareTo(upTo) <= 0) {
        buckets.addAll(changes.buckets());
        lookups.addAll(changes.lookups());
        reached = changes.to();
      }
    }
    return reached.equals(upTo)
        ? Optional.of(new CheckpointChanges.Some(buckets, lookups))
        : Optional.empty();
  }
}
