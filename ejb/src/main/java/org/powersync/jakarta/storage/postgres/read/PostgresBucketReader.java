package org.powersync.jakarta.storage.postgres.read;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.postgres.change.ChangesQuery;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** Reads one stream on PostgreSQL; each kind of question is a collaborator's. */
public final class PostgresBucketReader implements BucketReader {
  private final SqlTransactions sql;
  private final GroupId stream;
  private final CheckpointWatch watch;
  private final ChecksumCache checksums;
  private final OperationsQuery operations;
  private final OwnOperations own;
  private final LookupsQuery lookups;
  private final ChangesQuery changes;

  /**
   * @param checksums of this stream only
   */
  PostgresBucketReader(
      SqlTransactions sql,
      GroupId stream,
      CheckpointWatch watch,
      ChecksumCache checksums,
      OwnCommits commits) {
    this.sql = Objects.requireNonNull(sql);
    this.stream = Objects.requireNonNull(stream);
    this.watch = Objects.requireNonNull(watch);
    this.checksums = Objects.requireNonNull(checksums);
    this.operations = new OperationsQuery(sql, stream);
    this.own = new OwnOperations(commits, stream);
    this.lookups = new LookupsQuery(sql, stream);
    this.changes = new ChangesQuery(sql, stream, commits);
  }

  /**
   * A reader with a cache of its own.
   *
   * @param commits of this process
   * @param checksumTimeToLive after which a checksum is summed anew
   * @param background where totals that had to be summed are remembered
   */
  public static PostgresBucketReader of(
      SqlTransactions sql,
      GroupId stream,
      CheckpointWatch watch,
      OwnCommits commits,
      Duration checksumTimeToLive,
      InstantSource time,
      Executor background) {
    ChecksumsQuery query = new ChecksumsQuery(sql, stream, background);
    ChecksumCache.Summing summing = new OwnOperations(commits, stream).orElse(query::sum);
    return new PostgresBucketReader(
        sql, stream, watch, new ChecksumCache(summing, checksumTimeToLive, time), commits);
  }

  @Override
  public Checkpoint checkpoint() {
    return sql.autocommit(
            "read the checkpoint of a stream",
            connection -> CheckpointRows.ofStream(connection, stream))
        .orElseThrow(
            () ->
                new PowerSyncException(
                        ErrorCode.PSYNC_S1101,
                        "The replication stream has no row in storage any more")
                    .with("stream", stream));
  }

  @Override
  public Map<BucketName, BucketChecksum> checksums(
      OpId checkpoint, Collection<BucketName> buckets) {
    return checksums.get(checkpoint, buckets);
  }

  @Override
  public void prepareChecksums(OpId checkpoint, Collection<BucketName> buckets) {
    checksums.prepare(checkpoint, buckets);
  }

  @Override
  public boolean knowsChecksums(OpId checkpoint, Collection<BucketName> buckets) {
    return checksums.knows(checkpoint, buckets);
  }

  @Override
  public List<BucketChunk> read(
      OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    return positions.isEmpty() ? List.of() : operations.read(checkpoint, positions, limits);
  }

  @Override
  public Optional<List<BucketChunk>> readAtHand(
      OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
    return own.chunks(checkpoint, positions, limits);
  }

  @Override
  public Map<ParameterLookup, List<OutputRow>> lookups(
      OpId checkpoint, Collection<ParameterLookup> wanted, int limit) {
    return wanted.isEmpty() ? Map.of() : lookups.find(checkpoint, wanted, limit);
  }

  @Override
  public CheckpointChanges changes(OpId after, OpId upTo) {
    return changes.between(after, upTo);
  }

  @Override
  public CheckpointSubscription watch() {
    return watch.subscribe(stream);
  }

  @Override
  public void clearChecksumCache() {
    checksums.clear();
  }
}
