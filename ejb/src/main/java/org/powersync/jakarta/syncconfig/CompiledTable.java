package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** All queries over one table; one that fails for a row does not disturb the others. */
record CompiledTable(
    List<RowQuery<BucketRow>> dataQueries,
    List<RowQuery<ParameterEntry>> parameterQueries,
    List<RowQuery<EventPayload>> payloadQueries)
    implements TableEvaluator {
  CompiledTable {
    dataQueries = List.copyOf(dataQueries);
    parameterQueries = List.copyOf(parameterQueries);
    payloadQueries = List.copyOf(payloadQueries);
  }

  @Override
  public boolean syncsData() {
    return !dataQueries.isEmpty();
  }

  @Override
  public boolean syncsParameters() {
    return !parameterQueries.isEmpty();
  }

  @Override
  public Evaluated<BucketRow> data(SourceRow row) {
    return evaluate(dataQueries, row);
  }

  @Override
  public Evaluated<ParameterEntry> parameters(SourceRow row) {
    return evaluate(parameterQueries, row);
  }

  @Override
  public List<String> triggeredEvents() {
    return payloadQueries.stream().map(RowQuery::definition).toList();
  }

  @Override
  public Evaluated<EventPayload> events(SourceRow row) {
    return evaluate(payloadQueries, row);
  }

  private static <T> Evaluated<T> evaluate(List<RowQuery<T>> queries, SourceRow row) {
    List<T> results = List.of();
    List<EvaluationError> errors = List.of();
    for (RowQuery<T> query : queries) {
      try {
        results = joined(results, query.evaluate(row));
      } catch (EvaluationException e) {
        errors =
            joined(
                errors,
                List.of(new EvaluationError(query.definition(), e.about(), e.getMessage())));
      }
    }
    return results.isEmpty() && errors.isEmpty()
        ? Evaluated.nothing()
        : new Evaluated<>(results, errors);
  }

  /** Most rows have results of a single query, which are not copied. */
  private static <T> List<T> joined(List<T> before, List<T> more) {
    if (before.isEmpty()) {
      return more;
    }
    if (more.isEmpty()) {
      return before;
    }
    List<T> all = new ArrayList<>(before.size() + more.size());
    all.addAll(before);
    all.addAll(more);
    return all;
  }
}
