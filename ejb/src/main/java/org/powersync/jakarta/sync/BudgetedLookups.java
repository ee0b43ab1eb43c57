package org.powersync.jakarta.sync;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.TooManyRowsException;
import org.powersync.jakarta.syncconfig.LookupSource;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * The lookups of one evaluation, which share one budget of result rows (sync API section 3.13).
 * Each query may ask for as many lookups as there may be rows; those of several queries are asked
 * together. One thread.
 */
final class BudgetedLookups implements LookupSource {
  private static final int SHOWN = 9;

  private final BucketReader reader;
  private final OpId checkpoint;
  private final int limit;
  private final Map<String, Integer> rowsByQuery = new HashMap<>();
  private final Set<ParameterLookup> asked = new HashSet<>();
  private int remaining;

  BudgetedLookups(BucketReader reader, OpId checkpoint, int limit) {
    this.reader = reader;
    this.checkpoint = checkpoint;
    this.limit = limit;
    this.remaining = limit;
  }

  @Override
  public Map<ParameterLookup, List<OutputRow>> find(Collection<ParameterLookup> lookups) {
    if (lookups.isEmpty()) {
      return Map.of();
    }
    requireFewOfEachQuery(lookups);
    asked.addAll(lookups);
    Map<ParameterLookup, List<OutputRow>> found = lookUp(lookups);
    found.forEach((lookup, rows) -> count(query(lookup), rows.size()));
    return found;
  }

  /** Rows found so far. */
  int rows() {
    return limit - remaining;
  }

  /** Every lookup that was asked, also those without rows. */
  Set<ParameterLookup> asked() {
    return asked;
  }

  private void requireFewOfEachQuery(Collection<ParameterLookup> lookups) {
    if (lookups.size() <= limit) {
      return;
    }
    Map<String, Long> byQuery =
        lookups.stream()
            .collect(Collectors.groupingBy(BudgetedLookups::query, Collectors.counting()));
    byQuery.forEach(
        (query, count) -> {
          if (count > limit) {
            throw new PowerSyncException(
                    ErrorCode.PSYNC_S2305, "Too many parameter lookups for one connection")
                .with("lookups", count)
                .with("limit", limit)
                .with("query", query);
          }
        });
  }

  private Map<ParameterLookup, List<OutputRow>> lookUp(Collection<ParameterLookup> lookups) {
    try {
      return reader.lookups(checkpoint, lookups, remaining);
    } catch (TooManyRowsException e) {
      String reachedBy = query(e.last());
      e.found()
          .forEach(
              (lookup, rows) -> {
                if (!query(lookup).equals(reachedBy)) {
                  count(query(lookup), rows);
                }
              });
      e.with("budgetLeft", remaining)
          .with("total", limit)
          .with("reachedBy", reachedBy)
          .with("before", Breakdown.of(rowsByQuery, SHOWN));
      throw e;
    }
  }

  private void count(String query, int rows) {
    rowsByQuery.merge(query, rows, Integer::sum);
    remaining -= rows;
  }

  /** A query of the sync config in few words; compiled streams have names of their own for them. */
  private static String query(ParameterLookup lookup) {
    return lookup.queryId().isEmpty() ? lookup.name() : lookup.name() + "#" + lookup.queryId();
  }
}
