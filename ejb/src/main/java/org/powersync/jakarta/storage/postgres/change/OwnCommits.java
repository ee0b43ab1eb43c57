package org.powersync.jakarta.storage.postgres.change;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * What this process committed last, for its own readers: they need not wait for a notification nor
 * ask storage what changed, which other processes have to. Nothing is lost with it. Safe for all
 * threads.
 */
public final class OwnCommits {
  private static final int KEPT = 64;

  /** Transactions with more operations are not worth remembering. */
  public static final int MOST_OPERATIONS = 1_000;

  private final List<Consumer<Checkpoint>> listeners = new CopyOnWriteArrayList<>();
  private final Deque<Group> groups = new ArrayDeque<>();

  /**
   * A transaction that leads from one checkpoint to the next.
   *
   * @param from checkpoint that was published before
   * @param to checkpoint that it makes; every operation id in between is its own
   */
  public record Group(
      GroupId stream, OpId from, OpId to, Set<BucketName> buckets, Set<ParameterLookup> lookups) {}

  /**
   * A transaction is about to commit. One that fails does no harm: no checkpoint is ever called by
   * the ids it took.
   */
  public void committing(Group group) {
    synchronized (groups) {
      groups.addLast(group);
      if (groups.size() > KEPT) {
        groups.removeFirst();
      }
    }
  }

  /** A checkpoint of the active stream was committed. */
  public void committed(Checkpoint checkpoint) {
    listeners.forEach(listener -> listener.accept(checkpoint));
  }

  /** Has a listener hear of every checkpoint, on the committing thread. */
  public void listen(Consumer<Checkpoint> listener) {
    listeners.add(listener);
  }

  /** What changed between two checkpoints; empty when this process did not make all of it. */
  Optional<CheckpointChanges> between(GroupId stream, OpId after, OpId upTo) {
    Set<BucketName> buckets = new HashSet<>();
    Set<ParameterLookup> lookups = new HashSet<>();
    OpId reached = after;
    synchronized (groups) {
      for (Group group : groups) {
        if (group.stream().equals(stream)
            && group.from().equals(reached)
            && group.to().compareTo(upTo) <= 0) {
          buckets.addAll(group.buckets());
          lookups.addAll(group.lookups());
          reached = group.to();
        }
      }
    }
    return reached.equals(upTo)
        ? Optional.of(new CheckpointChanges.Some(buckets, lookups))
        : Optional.empty();
  }
}
