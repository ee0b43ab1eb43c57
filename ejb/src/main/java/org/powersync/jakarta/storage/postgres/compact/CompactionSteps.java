package org.powersync.jakarta.storage.postgres.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.powersync.jakarta.storage.postgres.compact.CompactionPlan.Kind;
import org.powersync.jakarta.storage.postgres.compact.CompactionPlan.Operation;
import org.powersync.jakarta.storage.postgres.total.TotalsTable;

/**
 * Decides, operation by operation, what becomes of a bucket (storage section 8): what stands before
 * the first row that clients hold becomes a CLEAR, if that replaces at least two operations that
 * are none; a superseded operation behind it becomes a MOVE. Keeps only what is still to be done.
 * For one thread.
 */
final class CompactionSteps {
  private final int clearBatch;
  private final List<Step> moves = new ArrayList<>();
  private final List<Step> clears = new ArrayList<>();
  private final List<TotalsTable.Entry> totals = new ArrayList<>();
  private long bytes;

  private String bucket;
  private long last;
  private long checksum;
  private long operations;

  /** Before the first row that clients hold. */
  private boolean beginning;

  private final List<Step> beginnings = new ArrayList<>();
  private long beginningChanges;
  private Step firstMove;

  /**
   * @param clearBatch operations replaced by one CLEAR at a time
   */
  CompactionSteps(int clearBatch) {
    this.clearBatch = clearBatch;
  }

  /**
   * An operation that becomes MOVE, or the last one of those that become CLEAR.
   *
   * @param batch of the CLEAR of one bucket, from 0
   * @param operations how many it is about
   * @param target the operation that supersedes, 0 for none
   * @param bytes stored size of the row data it is about
   * @param place where it was found, a {@code tid}
   */
  record Step(
      int batch, String bucket, long opId, int operations, long target, long bytes, String place) {
    private Step and(Operation next) {
      return new Step(
          batch,
          bucket,
          next.opId(),
          operations + 1,
          Math.max(target, target(next)),
          bytes + next.bytes(),
          next.place());
    }

    private static long target(Operation operation) {
      return Math.max(operation.target(), operation.supersededBy());
    }
  }

  /** Takes the next operation; those of one bucket come one after another, by id. */
  void add(Operation operation) {
    if (!operation.bucket().equals(bucket)) {
      endBucket();
      bucket = operation.bucket();
      beginning = true;
    }
    last = operation.opId();
    checksum += operation.checksum();
    operations++;
    bytes += operation.bytes();
    boolean superseded = operation.supersededBy() > 0;
    if (beginning && operation.kind() == Kind.PUT && !superseded) {
      endBeginning();
    } else if (beginning) {
      addToBeginning(operation, superseded);
    } else if (superseded) {
      moves.add(move(operation));
    }
  }

  private void addToBeginning(Operation operation, boolean superseded) {
    int batches = beginnings.size();
    if (batches > 0 && beginnings.get(batches - 1).operations() < clearBatch) {
      beginnings.set(batches - 1, beginnings.get(batches - 1).and(operation));
    } else {
      beginnings.add(
          new Step(
              batches,
              bucket,
              operation.opId(),
              1,
              Step.target(operation),
              operation.bytes(),
              operation.place()));
    }
    beginningChanges += operation.kind() == Kind.CLEAR ? 0 : 1;
    if (superseded && firstMove == null) {
      firstMove = move(operation);
    }
  }

  private static Step move(Operation operation) {
    return new Step(
        0,
        operation.bucket(),
        operation.opId(),
        1,
        operation.supersededBy(),
        operation.bytes(),
        operation.place());
  }

  private void endBeginning() {
    if (beginningChanges > 1) {
      clears.addAll(beginnings);
    } else if (firstMove != null) {
      moves.add(firstMove);
    }
    beginnings.clear();
    beginningChanges = 0;
    firstMove = null;
    beginning = false;
  }

  private void endBucket() {
    if (bucket != null) {
      endBeginning();
      totals.add(new TotalsTable.Entry(bucket, last, (int) checksum, operations));
    }
    checksum = 0;
    operations = 0;
  }

  /** There are no more operations. */
  void end() {
    endBucket();
    bucket = null;
  }

  int waitingMoves() {
    return moves.size();
  }

  /** Takes some operations that become MOVE, at most so many. */
  List<Step> takeMoves(int most) {
    List<Step> some = moves.subList(0, Math.min(most, moves.size()));
    List<Step> taken = List.copyOf(some);
    some.clear();
    return taken;
  }

  /** What becomes CLEAR, the first batches of all buckets first. After the end. */
  List<Step> clears() {
    clears.sort(Comparator.comparingInt(Step::batch));
    return clears;
  }

  /** Totals of the buckets. After the end. */
  List<TotalsTable.Entry> totals() {
    return totals;
  }

  /** Stored size of all row data. After the end. */
  long bytes() {
    return bytes;
  }
}
