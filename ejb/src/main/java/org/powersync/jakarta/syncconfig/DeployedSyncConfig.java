package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** A config with the bucket names of one replication stream. Immutable; safe for all threads. */
public interface DeployedSyncConfig {
  /** The config behind it. */
  SyncConfig config();

  /** Whether any pattern of the config reads this table. */
  default boolean reads(TableName table) {
    return config().sourceTables().stream().anyMatch(pattern -> pattern.matches(table));
  }

  /** The evaluator of a table; for a table that is not read it yields nothing. */
  TableEvaluator evaluator(TableName table);

  /** Evaluates what can be known from the request alone. */
  RequestEvaluation evaluate(SyncRequest request);

  /** What every query over a row's table makes of the row, for people; not for hot paths. */
  default List<RowExplanation> explain(TableName table, SourceRow row) {
    return List.of();
  }

  /**
   * What every definition gives a request and why, for people; not for hot paths. Definitions are
   * asked one by one, also those that fail the request.
   */
  default List<RequestExplanation> explain(SyncRequest request, LookupSource source) {
    return List.of();
  }
}
