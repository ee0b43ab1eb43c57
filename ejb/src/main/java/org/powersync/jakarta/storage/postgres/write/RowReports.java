package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.EvaluationError;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * Counts and tells the operator about rows that could not be synced, without their contents. Safe
 * for all threads.
 */
final class RowReports {
  private static final Logger LOG = Logger.getLogger(RowReports.class.getName());

  private final GroupId stream;
  private final Consumer<RowFailure> failures;
  private final LogInterval evaluationErrors = LogInterval.ofSeconds(5);

  RowReports(GroupId stream, Consumer<RowFailure> failures) {
    this.stream = stream;
    this.failures = failures;
  }

  /** Queries that failed on a row; one bad column fails on every row, so not each is logged. */
  void failed(SourceTable table, RowKey key, List<EvaluationError> errors) {
    count(table.table(), errors);
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
    count(table, errors);
    if (!errors.isEmpty() && evaluationErrors.due()) {
      EvaluationError first = errors.get(0);
      LOG.warning(
          () ->
              "Event not delivered: its query failed (stream=%s, table=%s, event=%s, about=%s, text=%s)"
                  .formatted(stream, table, first.definition(), first.about(), first.text()));
    }
  }

  private void count(TableName table, List<EvaluationError> errors) {
    for (EvaluationError error : errors) {
      failures.accept(
          new RowFailure(stream, table, error.definition(), error.about(), error.text()));
    }
  }

  /**
   * A row with a value that cannot be read; one bad type fails every row, so not each is logged.
   */
  void undecodable(SourceTable table, PowerSyncException why) {
    failures.accept(
        new RowFailure(stream, table.table(), "", RowFailure.UNDECODABLE, why.getMessage()));
    if (evaluationErrors.due()) {
      LOG.warning(
          () ->
              "Row left out: a value of it cannot be read (stream=%s, table=%s, text=%s)"
                  .formatted(stream, table.table(), why.getMessage()));
    }
  }

  /** A row over the limit; always logged, since each one is missing on clients. */
  void tooLarge(SourceTable table, RowKey key, long bytes, long limit) {
    failures.accept(
        new RowFailure(
            stream,
            table.table(),
            "",
            RowFailure.TOO_LARGE,
            "[" + ErrorCode.PSYNC_S1002 + "] larger than the limit of " + limit + " bytes"));
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
}
