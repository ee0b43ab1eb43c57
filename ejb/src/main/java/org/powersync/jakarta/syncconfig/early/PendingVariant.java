package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.PendingBuckets;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The buckets of a variant with subqueries.
 *
 * @param values of each parameter, null where a lookup gives them
 * @param results the lookups of each parameter, null where the request gave the values
 * @param checks the lookups of each subquery that has to find something
 * @param bucket the bucket of some parameters
 */
record PendingVariant(
    List<List<SqlValue>> values,
    List<List<ParameterLookup>> results,
    List<List<ParameterLookup>> checks,
    Function<SqlValue[], ResolvedBucket> bucket)
    implements PendingBuckets {

  /** Empty when some lookup cannot find anything. */
  static Optional<PendingVariant> of(
      Variant variant,
      List<List<SqlValue>> values,
      Inputs request,
      Function<SqlValue[], ResolvedBucket> bucket) {
    List<List<ParameterLookup>> results = new ArrayList<>();
    for (Variant.Parameter parameter : variant.parameters()) {
      results.add(
          parameter instanceof Variant.Parameter.OfLookup of ? of.lookup().lookups(request) : null);
    }
    List<List<ParameterLookup>> checks =
        variant.checks().stream().map(check -> check.lookups(request)).toList();
    boolean hopeless =
        results.stream().anyMatch(lookups -> lookups != null && lookups.isEmpty())
            || checks.stream().anyMatch(List::isEmpty);
    return hopeless
        ? Optional.empty()
        : Optional.of(new PendingVariant(values, results, checks, bucket));
  }

  @Override
  public List<ParameterLookup> lookups() {
    List<ParameterLookup> all = new ArrayList<>();
    for (List<ParameterLookup> lookups : results) {
      if (lookups != null) {
        all.addAll(lookups);
      }
    }
    checks.forEach(all::addAll);
    return all;
  }

  @Override
  public Resumed resume(Map<ParameterLookup, List<OutputRow>> found) {
    for (List<ParameterLookup> check : checks) {
      if (rows(check, found).isEmpty()) {
        return new Resumed(List.of(), List.of());
      }
    }
    List<List<SqlValue>> lists = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      lists.add(
          results.get(i) == null
              ? values.get(i)
              : rows(results.get(i), found).stream().map(Lookup::result).toList());
    }
    return new Resumed(Values.combinations(lists).stream().map(bucket).toList(), List.of());
  }

  private static List<OutputRow> rows(
      List<ParameterLookup> lookups, Map<ParameterLookup, List<OutputRow>> found) {
    List<OutputRow> rows = new ArrayList<>();
    lookups.forEach(lookup -> rows.addAll(found.getOrDefault(lookup, List.of())));
    return rows;
  }
}
