package org.powersync.jakarta.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import org.powersync.jakarta.storage.OpId;

/**
 * The change sets of the last checkpoints, without a gap. Bounded; what is too long ago counts as
 * everything. Guarded by its owner.
 */
final class RecentChanges {
  private static final int CHECKPOINTS = 128;

  /** Buckets and lookups named in all. */
  private static final int NAMES = 200_000;

  /** One step from checkpoint to checkpoint. */
  private record Step(OpId after, OpId upTo, Changes changes) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private OpId last;
  private int names;

  /** Begins anew at a checkpoint. */
  void restart(OpId checkpoint) {
    steps.clear();
    names = 0;
    last = checkpoint;
  }

  /** The next checkpoint and what changed since the last one. */
  void add(OpId checkpoint, Changes changes) {
    steps.addLast(new Step(last, checkpoint, changes));
    last = checkpoint;
    names += changes.size();
    while (steps.size() > CHECKPOINTS || names > NAMES) {
      names -= steps.removeFirst().changes().size();
    }
  }

  /** At least what changed between two points. */
  Changes between(OpId after, OpId upTo) {
    if (after.compareTo(upTo) >= 0) {
      return Changes.NOTHING;
    }
    OpId first = steps.isEmpty() ? last : steps.getFirst().after();
    if (after.compareTo(first) < 0 || upTo.compareTo(last) > 0) {
      return Changes.EVERYTHING;
    }
    Changes changes = Changes.NOTHING;
    for (Step step : steps) {
      if (step.upTo().compareTo(after) > 0 && step.after().compareTo(upTo) < 0) {
        changes = changes == Changes.NOTHING ? step.changes() : changes.and(step.changes());
      }
    }
    return changes;
  }
}
