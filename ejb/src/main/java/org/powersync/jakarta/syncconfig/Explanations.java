package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** Evaluates one query or definition by itself, keeping what evaluation proper forgets. */
final class Explanations {
  private Explanations() {}

  static List<RowExplanation> ofRow(
      Collection<DeployedDefinition> definitions, TableName table, SourceRow row) {
    List<RowExplanation> explanations = new ArrayList<>();
    for (DeployedDefinition definition : definitions) {
      definition.dataQueries(table).forEach(query -> explanations.add(ofData(query, row)));
      definition.parameterQueries(table).forEach(q -> explanations.add(ofParameters(q, row)));
    }
    return explanations;
  }

  private static RowExplanation ofData(RowQuery<BucketRow> query, SourceRow row) {
    try {
      List<BucketName> buckets = query.evaluate(row).stream().map(BucketRow::bucket).toList();
      return new RowExplanation(
          query.definition(), query.sql(), buckets, List.of(), Optional.empty());
    } catch (EvaluationException e) {
      return failed(query, e);
    }
  }

  private static RowExplanation ofParameters(RowQuery<ParameterEntry> query, SourceRow row) {
    try {
      List<ParameterLookup> lookups =
          query.evaluate(row).stream().map(ParameterEntry::lookup).toList();
      return new RowExplanation(
          query.definition(), query.sql(), List.of(), lookups, Optional.empty());
    } catch (EvaluationException e) {
      return failed(query, e);
    }
  }

  private static RowExplanation failed(RowQuery<?> query, EvaluationException e) {
    return new RowExplanation(
        query.definition(),
        query.sql(),
        List.of(),
        List.of(),
        Optional.of(new EvaluationError(query.definition(), e.about(), e.getMessage())));
  }

  static RequestExplanation ofRequest(
      String name, DeployedDefinition definition, SyncRequest request, LookupSource source) {
    DeployedDefinition.Resolution resolution;
    try {
      resolution = definition.evaluate(request, new RequestValues(request));
    } catch (EvaluationException e) {
      return RequestExplanation.failed(name, e.about(), e.getMessage());
    }
    Set<ParameterLookup> asked = new LinkedHashSet<>();
    Set<ParameterLookup> unanswered = new LinkedHashSet<>();
    EvaluatedRequest evaluated =
        new EvaluatedRequest(resolution.buckets(), resolution.errors(), resolution.pending());
    List<ResolvedBucket> buckets = new ArrayList<>(resolution.buckets());
    buckets.addAll(
        evaluated.dynamicBuckets(
            lookups -> {
              Map<ParameterLookup, List<OutputRow>> found = source.find(lookups);
              asked.addAll(lookups);
              lookups.stream()
                  .filter(lookup -> found.getOrDefault(lookup, List.of()).isEmpty())
                  .forEach(unanswered::add);
              return found;
            }));
    return new RequestExplanation(
        name,
        outcome(buckets, asked, resolution.errors()),
        buckets,
        List.copyOf(asked),
        List.copyOf(unanswered),
        resolution.errors());
  }

  private static RequestExplanation.Outcome outcome(
      List<ResolvedBucket> buckets,
      Set<ParameterLookup> asked,
      List<SyncRequest.StreamError> errors) {
    if (!buckets.isEmpty()) {
      return RequestExplanation.Outcome.BUCKETS;
    }
    if (!errors.isEmpty()) {
      return RequestExplanation.Outcome.FAILED;
    }
    return asked.isEmpty()
        ? RequestExplanation.Outcome.CONDITION_NOT_MET
        : RequestExplanation.Outcome.NOTHING_FOUND;
  }
}
