package org.powersync.jakarta.storage.postgres.compact;

import java.util.HashSet;
import java.util.Set;
import org.powersync.jakarta.storage.CompactionReport;

/** Counts what a run does. For one thread. */
final class CompactionTally {
  int buckets;
  long operations;
  long bytes;
  long moved;
  long cleared;
  long bytesFreed;
  long parameterRows;
  long expiredRequests;

  /** Buckets that others changed under our hands. */
  final Set<String> skipped = new HashSet<>();

  CompactionReport report(CompactionReport.Outcome outcome) {
    return new CompactionReport(
        outcome,
        buckets,
        operations,
        operations - cleared,
        moved,
        bytes,
        bytes - bytesFreed,
        skipped.size(),
        parameterRows,
        expiredRequests);
  }
}
