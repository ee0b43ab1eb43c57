package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.PendingBuckets;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A querier that waits for the lookups of one stage. */
final class PendingStage implements PendingBuckets {
  private final CompiledQuerier querier;
  private final JoinedRows rows;
  private final int stage;
  private final Function<SqlValue[], ResolvedBucket> bucket;
  private final Map<Integer, Set<ParameterLookup>> keys = new LinkedHashMap<>();

  /**
   * @param stage among those with lookups
   * @param bucket makes the bucket of a combination of values
   */
  PendingStage(
      CompiledQuerier querier,
      JoinedRows rows,
      int stage,
      Function<SqlValue[], ResolvedBucket> bucket) {
    this.querier = querier;
    this.rows = rows;
    this.stage = stage;
    this.bucket = bucket;
    for (int entry : querier.lookupStages().get(stage)) {
      keys.put(entry, rows.keys((QuerierEntry.Lookup) querier.entries().get(entry)));
    }
  }

  @Override
  public Collection<ParameterLookup> lookups() {
    List<ParameterLookup> lookups = new ArrayList<>();
    keys.values().forEach(lookups::addAll);
    return lookups;
  }

  @Override
  public Resumed resume(Map<ParameterLookup, List<OutputRow>> found) {
    Map<Integer, JoinedRows.Rows> answers = new HashMap<>();
    keys.forEach(
        (entry, asked) -> {
          QuerierEntry.Lookup lookup = (QuerierEntry.Lookup) querier.entries().get(entry);
          Map<ParameterLookup, List<SqlValue[]>> byLookup = new HashMap<>();
          asked.forEach(key -> byLookup.put(key, lookup.rows(found.getOrDefault(key, List.of()))));
          answers.put(entry, new JoinedRows.Rows.ByLookup(byLookup));
        });
    JoinedRows known = rows.with(answers);
    if (stage + 1 < querier.lookupStages().size()) {
      return new Resumed(List.of(), List.of(new PendingStage(querier, known, stage + 1, bucket)));
    }
    return new Resumed(querier.buckets(known).stream().map(bucket).toList(), List.of());
  }
}
