package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.postgres.compact.CompactionPlan.Operation;
import org.powersync.jakarta.storage.postgres.compact.CompactionSteps.Step;
import org.powersync.jakarta.storage.postgres.total.TotalsTable;

/** Compacts some buckets: makes a plan and carries it out in batches. For one thread. */
final class BucketCompaction {
  private final Connection connection;
  private final CompactedStream stream;
  private final CompactionOptions.Limits limits;
  private final StopCondition stop;
  private final CompactionTally tally;

  BucketCompaction(
      Connection connection,
      CompactedStream stream,
      CompactionOptions.Limits limits,
      StopCondition stop,
      CompactionTally tally) {
    this.connection = connection;
    this.stream = stream;
    this.limits = limits;
    this.stop = stop;
    this.tally = tally;
  }

  /**
   * Compacts these buckets up to an operation.
   *
   * @param compactedOp operations up to it do not supersede one another
   * @return false when it had to stop before the end
   */
  boolean compact(List<String> buckets, long compactedOp, long maxOp) throws SQLException {
    if (buckets.isEmpty()) {
      return true;
    }
    CompactionSteps steps = new CompactionSteps(limits.clearBatch());
    return moved(buckets, compactedOp, maxOp, steps) && summarised(steps) && cleared(steps);
  }

  /** Turns superseded operations into MOVE as the plan goes along. */
  private boolean moved(List<String> buckets, long compactedOp, long maxOp, CompactionSteps steps)
      throws SQLException {
    try (CompactionPlan plan =
        CompactionPlan.make(connection, stream.id(), buckets, compactedOp, maxOp, limits)) {
      List<Operation> operations;
      while (!(operations = plan.next()).isEmpty()) {
        operations.forEach(steps::add);
        while (steps.waitingMoves() >= limits.moveBatch()) {
          if (!moved(steps)) {
            return false;
          }
        }
      }
    }
    steps.end();
    while (steps.waitingMoves() > 0) {
      if (!moved(steps)) {
        return false;
      }
    }
    return true;
  }

  private boolean moved(CompactionSteps steps) throws SQLException {
    if (stop.met()) {
      return false;
    }
    MovePasses passes = MovePasses.of(steps.takeMoves(limits.moveBatch()));
    move(passes.first(), false);
    if (!passes.second().isEmpty()) {
      move(passes.second(), true);
    }
    return true;
  }

  /**
   * @param reclaiming whether rows rewritten before leave room for these
   */
  private void move(List<Step> steps, boolean reclaiming) throws SQLException {
    int[] moved = {0};
    BatchTransaction.repeat(
        connection,
        () -> {
          if (reclaiming) {
            BatchStatements.reclaim(connection, stream.id(), steps);
          }
          moved[0] = BatchStatements.move(connection, stream.id(), steps);
          return true;
        });
    tally.moved += moved[0];
    steps.forEach(step -> tally.bytesFreed += step.bytes());
    if (moved[0] < steps.size()) {
      // Somebody rewrote some of them; what is left to do there shows next time.
      steps.forEach(step -> tally.skipped.add(step.bucket()));
    }
  }

  private boolean summarised(CompactionSteps steps) throws SQLException {
    if (stop.met()) {
      return false;
    }
    tally.buckets += steps.totals().size();
    tally.bytes += steps.bytes();
    steps.totals().forEach(total -> tally.operations += total.operations());
    TotalsTable.store(connection, stream.name(), steps.totals());
    return true;
  }

  private boolean cleared(CompactionSteps steps) throws SQLException {
    Map<String, Long> gone = new HashMap<>();
    try {
      List<Step> batch = new ArrayList<>();
      for (Step step : steps.clears()) {
        if (!batch.isEmpty() && !fits(batch, step)) {
          if (stop.met()) {
            return false;
          }
          clear(batch, gone);
          batch.clear();
        }
        batch.add(step);
      }
      if (!batch.isEmpty()) {
        if (stop.met()) {
          return false;
        }
        clear(batch, gone);
      }
      return true;
    } finally {
      TotalsTable.recount(connection, stream.name(), steps.totals(), gone);
    }
  }

  /** One transaction has one step per bucket. */
  private boolean fits(List<Step> batch, Step step) {
    return step.batch() == batch.get(0).batch()
        && batch.stream().mapToLong(Step::operations).sum() + step.operations()
            <= limits.clearBatch();
  }

  private void clear(List<Step> batch, Map<String, Long> gone) throws SQLException {
    List<Step> steps =
        batch.stream().filter(step -> !tally.skipped.contains(step.bucket())).toList();
    if (steps.isEmpty() || cleared(steps, gone)) {
      return;
    }
    for (Step step : steps) {
      if (!cleared(List.of(step), gone)) {
        tally.skipped.add(step.bucket());
      }
    }
  }

  /** Whether the plan's view of these buckets still held; if not, nothing was done. */
  private boolean cleared(List<Step> steps, Map<String, Long> gone) throws SQLException {
    boolean kept =
        BatchTransaction.repeat(
            connection,
            () -> {
              Map<String, Long> counts = BatchStatements.clear(connection, stream.id(), steps);
              return steps.stream()
                  .allMatch(step -> counts.getOrDefault(step.bucket(), 0L) == expected(step));
            });
    if (kept) {
      for (Step step : steps) {
        long fewer = expected(step) - 1;
        tally.cleared += fewer;
        tally.bytesFreed += step.bytes();
        gone.merge(step.bucket(), fewer, Long::sum);
      }
    }
    return kept;
  }

  /** From the second batch on, the CLEAR of the one before is among the operations. */
  private static long expected(Step step) {
    return step.operations() + (step.batch() > 0 ? 1L : 0L);
  }
}
