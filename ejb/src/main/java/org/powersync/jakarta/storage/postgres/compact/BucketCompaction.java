package org.powersync.jakarta.storage.postgres.compact;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.postgres.compact.CompactionPlan.Kind;
import org.powersync.jakarta.storage.postgres.compact.CompactionPlan.Step;
import org.powersync.jakarta.storage.postgres.total.TotalsTable;

/** Compacts some buckets: makes a plan and carries it out in batches. For one thread. */
final class BucketCompaction {
  private final Connection connection;
  private final CompactedStream stream;
  private final CompactionOptions.Limits limits;
  private final StopCondition stop;
  private final CompactionTally tally;

  /** Totals of the buckets at hand; kept up to date with what was cleared. */
  private final Map<String, TotalsTable.Entry> totals = new HashMap<>();

  private final Set<String> recounted = new HashSet<>();

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
    totals.clear();
    recounted.clear();
    try (CompactionPlan plan =
        CompactionPlan.make(connection, stream.id(), buckets, compactedOp, maxOp, limits)) {
      Batch batch = new Batch();
      List<Step> steps;
      while (!(steps = plan.next(limits.moveBatch())).isEmpty()) {
        for (Step step : steps) {
          if (!batch.takes(step) && !carryOut(batch)) {
            return false;
          }
          batch.add(step);
        }
      }
      return carryOut(batch);
    } finally {
      TotalsTable.recount(connection, stream.name(), recounted.stream().map(totals::get).toList());
    }
  }

  /** Steps of one kind that make one transaction. */
  private final class Batch {
    private final List<Step> steps = new ArrayList<>();
    private long operations;

    boolean takes(Step step) {
      if (steps.isEmpty()) {
        return true;
      }
      Step first = steps.get(0);
      int limit = step.kind() == Kind.CLEAR ? limits.clearBatch() : limits.moveBatch();
      return step.kind() == first.kind()
          && step.batch() == first.batch()
          && operations + weight(step) <= limit;
    }

    void add(Step step) {
      steps.add(step);
      operations += weight(step);
    }

    private static long weight(Step step) {
      return step.kind() == Kind.SUMMARY ? 1 : step.operations();
    }

    List<Step> take() {
      List<Step> taken = List.copyOf(steps);
      steps.clear();
      operations = 0;
      return taken;
    }
  }

  private boolean carryOut(Batch batch) throws SQLException {
    List<Step> steps = batch.take();
    if (steps.isEmpty()) {
      return true;
    }
    if (stop.met()) {
      return false;
    }
    switch (steps.get(0).kind()) {
      case SUMMARY -> summarise(steps);
      case CLEAR -> clear(steps.stream().filter(this::undisturbed).toList());
      case MOVE -> move(steps);
    }
    return true;
  }

  private boolean undisturbed(Step step) {
    return !tally.skipped.contains(step.bucket());
  }

  private void summarise(List<Step> steps) throws SQLException {
    List<TotalsTable.Entry> summed = new ArrayList<>();
    for (Step step : steps) {
      tally.buckets++;
      tally.operations += step.operations();
      tally.bytes += step.bytes();
      TotalsTable.Entry total =
          new TotalsTable.Entry(step.bucket(), step.opId(), step.checksum(), step.operations());
      summed.add(total);
      totals.put(step.bucket(), total);
    }
    TotalsTable.store(connection, stream.name(), summed);
  }

  private void move(List<Step> steps) throws SQLException {
    BatchTransaction.run(
        connection,
        () -> {
          tally.moved += BatchStatements.move(connection, stream.id(), steps);
          return true;
        });
    steps.forEach(step -> tally.bytesFreed += step.bytes());
  }

  private void clear(List<Step> steps) throws SQLException {
    if (steps.isEmpty() || cleared(steps)) {
      return;
    }
    for (Step step : steps) {
      if (!cleared(List.of(step))) {
        tally.skipped.add(step.bucket());
      }
    }
  }

  /** Whether the plan's view of these buckets still held; if not, nothing was done. */
  private boolean cleared(List<Step> steps) throws SQLException {
    boolean kept =
        BatchTransaction.run(
            connection,
            () -> {
              Map<String, Long> counts = BatchStatements.clear(connection, stream.id(), steps);
              return steps.stream()
                  .allMatch(step -> counts.getOrDefault(step.bucket(), 0L) == expected(step));
            });
    if (kept) {
      for (Step step : steps) {
        tally.cleared += expected(step) - 1;
        recounted.add(step.bucket());
        totals.computeIfPresent(step.bucket(), (bucket, total) -> total.fewer(expected(step) - 1));
        tally.bytesFreed += step.bytes();
      }
    }
    return kept;
  }

  /** From the second batch on, the CLEAR of the one before is among the operations. */
  private static long expected(Step step) {
    return step.operations() + (step.batch() > 0 ? 1 : 0);
  }
}
