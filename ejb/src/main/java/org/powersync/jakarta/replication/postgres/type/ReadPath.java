package org.powersync.jakarta.replication.postgres.type;

/**
 * How a row was read. Matters for domains only, and only without {@code custom_postgres_types}: a
 * query reports the base type of a domain column, the replication stream the domain itself.
 * Existing clients hold rows of both kinds, so both stay as they are (replication section 4.5).
 */
public enum ReadPath {
  /** By a query: the initial copy, and rows fetched again. */
  SNAPSHOT,
  /** From the replication stream. */
  STREAM
}
