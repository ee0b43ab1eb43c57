package org.powersync.jakarta.syncconfig;

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
}
