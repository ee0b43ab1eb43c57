package org.powersync.jakarta.storage;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * Counts the rows that this process could not sync fully, by stream, definition, table and reason.
 * Bounded: when there are very many reasons, further ones only count in the total. Safe for all
 * threads.
 */
public final class RowFailures {
  private static final int MAX_REASONS = 1000;
  private static final int SHOWN = 100;

  private final Map<Reason, Count> counts = new ConcurrentHashMap<>();
  private final LongAdder total = new LongAdder();

  private record Reason(GroupId stream, TableName table, String definition, String about) {}

  /**
   * Failures for one reason.
   *
   * @param failure the newest
   * @param count failures since this process started; a row may fail again with each change
   * @param last when the newest happened
   */
  public record Count(RowFailure failure, long count, Instant last) {
    private Count with(Count newer) {
      return new Count(newer.failure, count + newer.count, newer.last);
    }
  }

  /** Counts a failure that happened now. */
  public void add(RowFailure failure) {
    total.increment();
    Reason reason =
        new Reason(failure.stream(), failure.table(), failure.definition(), failure.about());
    if (counts.size() >= MAX_REASONS && !counts.containsKey(reason)) {
      return;
    }
    counts.merge(reason, new Count(failure, 1, Instant.now()), Count::with);
  }

  /** The failures of a stream, those of the most rows first, at most 100. */
  public List<Count> of(GroupId stream) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().stream().equals(stream))
        .map(Map.Entry::getValue)
        .sorted(
            Comparator.comparingLong(Count::count)
                .reversed()
                .thenComparing(count -> count.failure().definition())
                .thenComparing(count -> count.failure().table().toString()))
        .limit(SHOWN)
        .toList();
  }

  /** All failures since this process started. */
  public long total() {
    return total.sum();
  }
}
