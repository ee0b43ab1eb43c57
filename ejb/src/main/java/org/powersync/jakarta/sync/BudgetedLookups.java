package org.powersync.jakarta.sync;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.LookupSource;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * The lookups of one evaluation, which share one budget of result rows (sync API section 3.13). One
 * thread.
 */
final class BudgetedLookups implements LookupSource {
  private static final int SHOWN = 9;

  private final BucketReader reader;
  private final OpId checkpoint;
  private final int limit;
  private final Map<String, Integer> rowsByLookup = new HashMap<>();
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
    if (lookups.size() > limit) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2305, "Too many parameter lookups for one connection")
          .with("lookups", lookups.size())
          .with("limit", limit);
    }
    asked.addAll(lookups);
    Map<ParameterLookup, List<OutputRow>> found = lookUp(lookups);
    found.forEach(
        (lookup, rows) -> {
          rowsByLookup.merge(lookup.name(), rows.size(), Integer::sum);
          remaining -= rows.size();
        });
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

  private Map<ParameterLookup, List<OutputRow>> lookUp(Collection<ParameterLookup> lookups) {
    try {
      return reader.lookups(checkpoint, lookups, remaining);
    } catch (PowerSyncException e) {
      if (e.code() == ErrorCode.PSYNC_S2305) {
        e.with("budgetLeft", remaining)
            .with("total", limit)
            .with("reachedBy", lookups.iterator().next().name())
            .with("before", Breakdown.of(rowsByLookup, SHOWN));
      }
      throw e;
    }
  }
}
