package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.EvaluationException;

/** A definition whose bucket names are fixed. Immutable; safe for all threads. */
public interface DeployedDefinition {
  /** The data queries that read this table, in document order. */
  List<RowQuery<BucketRow>> dataQueries(TableName table);

  /** The parameter queries that read this table, in document order. */
  List<RowQuery<ParameterEntry>> parameterQueries(TableName table);

  /**
   * Evaluates a request in which this definition takes part.
   *
   * @throws EvaluationException when the whole request fails
   */
  Resolution evaluate(SyncRequest request, RequestValues values);

  /**
   * What is known about a definition's buckets without further lookups.
   *
   * @param buckets before merging duplicates
   * @param pending what lookups are needed for
   * @param errors what does not concern other definitions
   */
  record Resolution(
      List<ResolvedBucket> buckets,
      List<PendingBuckets> pending,
      List<SyncRequest.StreamError> errors) {
    public Resolution {
      buckets = List.copyOf(buckets);
      pending = List.copyOf(pending);
      errors = List.copyOf(errors);
    }
  }
}
