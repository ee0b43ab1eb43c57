package org.powersync.jakarta.storage;

/** States of a replication stream (storage section 1.2). */
public enum StreamState {
  /** New; replicates, does not serve. */
  PROCESSING,
  /** Replicates and serves. */
  ACTIVE,
  /** Failed for good; serves what it has until replaced. */
  ERRORED,
  /** Replaced; waits for cleanup. */
  STOP,
  /** Cleaned up; the row remains. */
  TERMINATED
}
