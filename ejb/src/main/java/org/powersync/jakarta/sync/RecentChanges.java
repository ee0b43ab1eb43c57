package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.OpId;

/**
 * The change sets of the last checkpoints, without a gap. Bounded; what is too long ago counts as
 * everything. Immutable.
 */
final class RecentChanges {
  private static final int CHECKPOINTS = 128;

  /** Buckets and lookups named in all. */
  private static final int NAMES = 200_000;

  /** One step from checkpoint to checkpoint. */
  private record Step(OpId after, OpId upTo, Changes changes) {}

  private final List<Step> steps;
  private final OpId last;

  private RecentChanges(List<Step> steps, OpId last) {
    this.steps = steps;
    this.last = last;
  }

  /** Nothing yet, from a checkpoint on. */
  static RecentChanges since(OpId checkpoint) {
    return new RecentChanges(List.of(), checkpoint);
  }

  /** These and what changed since the last one up to the next checkpoint. */
  RecentChanges and(OpId checkpoint, Changes changes) {
    List<Step> more = new ArrayList<>(steps);
    more.add(new Step(last, checkpoint, changes));
    int kept = 0;
    int first = more.size();
    for (int names = 0; first > 0 && kept < CHECKPOINTS; first--, kept++) {
      names += more.get(first - 1).changes().size();
      if (names > NAMES) {
        break;
      }
    }
    return new RecentChanges(more.subList(first, more.size()), checkpoint);
  }

  /** At least what changed between two points. */
  Changes between(OpId after, OpId upTo) {
    if (after.compareTo(upTo) >= 0) {
      return Changes.NOTHING;
    }
    OpId first = steps.isEmpty() ? last : steps.get(0).after();
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
