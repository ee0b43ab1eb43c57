package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.WriterOptions;

/**
 * The writers of a copy, as many as there are workers. Rows that storage has already stay as they
 * are. Nothing is visible before some writer of the stream {@link BucketWriter#include includes}
 * what these have written and commits.
 */
final class CopyWriters implements AutoCloseable {
  private final PostgresAttempt attempt;
  private final List<BucketWriter> writers = new ArrayList<>();

  CopyWriters(PostgresAttempt attempt) {
    this.attempt = attempt;
    writers.add(attempt.attempt().storage().writer(WriterOptions.snapshot()));
  }

  /** The one that exists from the beginning, for work besides the copy. */
  BucketWriter first() {
    return writers.get(0);
  }

  /** Copies tables; the first writer includes what the others wrote. */
  OpId copy(List<TableCopy> tables) throws InterruptedException {
    if (tables.isEmpty()) {
      return OpId.ZERO;
    }
    while (writers.size() < attempt.options().snapshotWorkers()) {
      writers.add(attempt.attempt().storage().writer(WriterOptions.snapshot()));
    }
    OpId last = CopyRun.copy(attempt, tables, List.copyOf(writers));
    first().include(last);
    return last;
  }

  @Override
  public void close() {
    writers.forEach(BucketWriter::close);
  }
}
