package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.EvaluationError;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * Tells the operator about rows that could not be synced, without their contents. Safe for all
 * threads.
 */
final class RowReports {
  private static final Logger LOG = Logger.getLogger(RowReports.class.getName());

  private final GroupId stream;
  private final LogInterval evaluationErrors = LogInterval.ofSeconds(5);
  private final LongAdder tooLargeRows = new LongAdder();

  RowReports(GroupId stream) {
    this.stream = stream;
  }

  /** Queries that failed on a row; one bad column fails on every row, so not each is logged. */
  void failed(SourceTable table, RowKey key, List<EvaluationError> errors) {
    if (!errors.isEmpty() && evaluationErrors.due()) {
      EvaluationError first = errors.get(0);
      LOG.warning(
          () ->
              "Row not fully synced: a query failed on it (stream=%s, table=%s, row=%s, query=%s, about=%s, text=%s)"
                  .formatted(
                      stream,
                      table.table(),
                      key.id(),
                      first.definition(),
                      first.about(),
                      first.text()));
    }
  }

  /** Event queries that failed on a row. */
  void failed(TableName table, List<EvaluationError> errors) {
    if (!errors.isEmpty() && evaluationErrors.due()) {
      EvaluationError first = errors.get(0);
      LOG.warning(
          () ->
              "Event not delivered: its query failed (stream=%s, table=%s, event=%s, about=%s, text=%s)"
                  .formatted(stream, table, first.definition(), first.about(), first.text()));
    }
  }

  /** A row over the limit; always logged, since each one is missing on clients. */
  void tooLarge(SourceTable table, RowKey key, long bytes, long limit) {
    tooLargeRows.increment();
    LOG.warning(
        () ->
            new PowerSyncException(
                    ErrorCode.PSYNC_S1002,
                    "Data too big: the row is removed from its buckets until it is smaller;"
                        + " shorten it or leave the table out of the sync config")
                .with("stream", stream)
                .with("table", table.table())
                .with("row", key.id())
                .with("bytes", bytes)
                .with("limit", limit)
                .getMessage());
  }

  /** Too large rows met so far. */
  long tooLargeRows() {
    return tooLargeRows.sum();
  }
}
