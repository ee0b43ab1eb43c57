package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.Optional;

/**
 * What one query makes of a row.
 *
 * @param definition the bucket definition or stream
 * @param query the query as written
 * @param buckets where it puts the row; none when its condition leaves the row out
 * @param lookups the parameter lookups it writes for the row
 * @param error why it could not say
 */
public record RowExplanation(
    String definition,
    String query,
    List<BucketName> buckets,
    List<ParameterLookup> lookups,
    Optional<EvaluationError> error) {
  public RowExplanation {
    buckets = List.copyOf(buckets);
    lookups = List.copyOf(lookups);
  }
}
