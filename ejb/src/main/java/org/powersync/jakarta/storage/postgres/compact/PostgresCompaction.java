package org.powersync.jakarta.storage.postgres.compact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.DefragmentationReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.storage.postgres.total.BucketTotals;
import org.powersync.jakarta.syncconfig.BucketName;

/** Compaction on PostgreSQL. A run takes one connection and no global transaction. */
@ApplicationScoped
public class PostgresCompaction implements Compaction {
  private static final int NAMES_PER_PAGE = 1_000;
  private static final int BUCKETS_PER_PLAN = 100;

  private final SqlTransactions sql;
  private final BucketTotals totals;

  /** For the container's proxy only. */
  protected PostgresCompaction() {
    sql = null;
    totals = null;
  }

  @Inject
  public PostgresCompaction(StorageResources resources) {
    sql = resources.sql();
    totals = new BucketTotals(sql);
  }

  @Override
  public CompactionReport compact(
      GroupId stream, CompactionOptions options, BooleanSupplier aborted) {
    if (options.incrementalOnly()) {
      return CompactionReport.without(Outcome.NOTHING_TO_DO);
    }
    PrivateTables.create(sql);
    StopCondition stop = StopCondition.after(options.timeLimit(), aborted);
    return sql.autocommit(
        "compact a stream",
        connection -> {
          Optional<CompactedStream> found =
              CompactedStream.read(connection, stream).filter(CompactedStream::active);
          if (found.isEmpty()) {
            return CompactionReport.without(Outcome.NOTHING_TO_DO);
          }
          if (!CompactionLock.take(connection, stream)) {
            return CompactionReport.without(Outcome.BUSY);
          }
          try {
            return run(connection, found.get(), options, stop);
          } finally {
            CompactionLock.release(connection, stream);
          }
        });
  }

  @Override
  public int finishInitialReplication(GroupId stream, BooleanSupplier aborted) {
    PrivateTables.create(sql);
    Optional<CompactedStream> fresh =
        sql.autocommit(
            "look whether a stream is new to compaction",
            connection -> {
              Optional<CompactedStream> found =
                  CompactedStream.read(connection, stream).filter(read -> read.checkpoint() > 0);
              return found.isPresent()
                      && CompactionRecord.read(connection, found.get().name()).stored()
                  ? Optional.empty()
                  : found;
            });
    if (fresh.isEmpty()) {
      return 0;
    }
    int buckets = totals.refresh(stream, aborted);
    if (!aborted.getAsBoolean()) {
      sql.autocommit(
          "begin the record of compaction",
          connection -> {
            CompactionRecord.read(connection, fresh.get().name()).restart(connection);
            return null;
          });
    }
    return buckets;
  }

  @Override
  public DefragmentationReport defragment(
      GroupId stream, BucketName bucket, BooleanSupplier aborted) {
    PrivateTables.create(sql);
    return sql.autocommit(
        "defragment a bucket",
        connection -> {
          Optional<CompactedStream> found =
              CompactedStream.read(connection, stream).filter(CompactedStream::active);
          if (found.isEmpty()) {
            return new DefragmentationReport(Outcome.NOTHING_TO_DO, 0, 0);
          }
          if (!CompactionLock.take(connection, stream)) {
            return new DefragmentationReport(Outcome.BUSY, 0, 0);
          }
          try {
            return new BucketDefragmentation(
                    connection,
                    found.get(),
                    bucket.value(),
                    StopCondition.after(Duration.ofDays(1), aborted))
                .run();
          } finally {
            CompactionLock.release(connection, stream);
          }
        });
  }

  private static CompactionReport run(
      Connection connection, CompactedStream stream, CompactionOptions options, StopCondition stop)
      throws SQLException {
    CompactionTally tally = new CompactionTally();
    if (options.expireRequestsBefore().isPresent()) {
      tally.expiredRequests =
          RequestExpiry.expire(connection, options.expireRequestsBefore().get());
    }
    long maxOp =
        options
            .maxOp()
            .map(bound -> Math.min(bound.value(), stream.checkpoint()))
            .orElse(stream.checkpoint());
    CompactionRecord record = CompactionRecord.read(connection, stream.name());
    if (options.parameters()) {
      long horizon = record.horizon(connection, stream.checkpoint(), options.parameterRetention());
      tally.parameterRows =
          ParameterCompaction.compact(
              connection, stream.id(), record, Math.min(horizon, maxOp), stop);
    }
    BucketCompaction compaction =
        new BucketCompaction(connection, stream, options.limits(), stop, tally);
    boolean complete =
        options.buckets().isPresent()
            ? named(compaction, options.buckets().get(), maxOp)
            : changed(connection, stream, compaction, record, maxOp, tally);
    return tally.report(complete && !stop.met() ? Outcome.DONE : Outcome.INTERRUPTED);
  }

  /** Buckets named by the caller are looked at as if they had never been compacted. */
  private static boolean named(BucketCompaction compaction, List<BucketName> buckets, long maxOp)
      throws SQLException {
    List<String> names = buckets.stream().map(BucketName::value).distinct().toList();
    for (int from = 0; from < names.size(); from += BUCKETS_PER_PLAN) {
      int to = Math.min(from + BUCKETS_PER_PLAN, names.size());
      if (!compaction.compact(names.subList(from, to), 0, maxOp)) {
        return false;
      }
    }
    return true;
  }

  private static boolean changed(
      Connection connection,
      CompactedStream stream,
      BucketCompaction compaction,
      CompactionRecord record,
      long maxOp,
      CompactionTally tally)
      throws SQLException {
    if (maxOp <= record.compactedOp()) {
      return true;
    }
    record.begin(maxOp);
    ChangedBuckets buckets = new ChangedBuckets(stream.id(), record.compactedOp(), maxOp);
    List<String> waiting = new ArrayList<>();
    ChangedBuckets.Page page = buckets.below(connection, record.resumeAfter(), NAMES_PER_PAGE);
    while (page.last() != null) {
      waiting.addAll(page.changed());
      while (waiting.size() >= BUCKETS_PER_PLAN) {
        List<String> part = List.copyOf(waiting.subList(0, BUCKETS_PER_PLAN));
        if (!compaction.compact(part, record.compactedOp(), maxOp)) {
          return false;
        }
        waiting.subList(0, BUCKETS_PER_PLAN).clear();
        record.advance(connection, part.get(part.size() - 1));
      }
      page = buckets.below(connection, page.last(), NAMES_PER_PAGE);
    }
    if (!compaction.compact(waiting, record.compactedOp(), maxOp)) {
      return false;
    }
    if (tally.skipped.isEmpty()) {
      record.complete(connection);
    } else {
      record.restart(connection);
    }
    return true;
  }
}
