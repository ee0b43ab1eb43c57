package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;

/**
 * The copy of one table: its chunks may be stored in any order, its progress is what is stored
 * without a gap (replication sections 2.3 to 2.5). Progress is stored only after the flush of its
 * rows. Safe for all threads.
 */
final class TableCopy {
  private static final long ESTIMATE_NANOS = 600_000_000_000L;

  private final PostgresAttempt attempt;
  private final CatalogueTable table;
  private final CopyPlan plan;
  private final boolean storesProgress;
  private final TreeMap<Long, Done> ahead = new TreeMap<>();
  private SourceTable record;
  private ColumnDecoders columns;
  private RowIdentity identity;
  private long nextChunk;
  private long chunks = -1;
  private PgLsn barrier;
  private long copied;
  private long stored;
  private long estimate;
  private long estimatedAt = System.nanoTime();

  private record Done(int rows, Optional<ResumePoint> end) {}

  /**
   * @param copied rows that earlier attempts copied
   * @param storesProgress whether the record's progress follows
   */
  TableCopy(
      PostgresAttempt attempt,
      CatalogueTable table,
      SourceTable record,
      CopyPlan plan,
      long copied,
      boolean storesProgress) {
    this.attempt = attempt;
    this.table = table;
    this.record = record;
    this.plan = plan;
    this.copied = copied;
    this.stored = copied;
    this.storesProgress = storesProgress;
    this.estimate = table.estimatedRows();
  }

  CatalogueTable table() {
    return table;
  }

  CopyPlan plan() {
    return plan;
  }

  /** Makes the decoders; before the first chunk is handed over. */
  void prepare(Connection connection) throws SQLException {
    attempt.types().refresh(connection, table.typeOids());
    ColumnDecoders decoders =
        ColumnDecoders.of(
            table.columnNames(),
            table.typeOids(),
            attempt.types(),
            attempt.compatibility(),
            ReadPath.SNAPSHOT);
    List<String> names = record().identity().stream().map(IdentityColumn::name).toList();
    synchronized (this) {
      columns = decoders;
      identity = RowIdentity.forColumns(decoders.layout(), names);
    }
  }

  synchronized ColumnDecoders columns() {
    return columns;
  }

  synchronized RowIdentity identity() {
    return identity;
  }

  synchronized SourceTable record() {
    return record;
  }

  /** Rows stored without a gap. */
  synchronized long copied() {
    return copied;
  }

  /** Everything is read. */
  synchronized void read(long chunkCount, PgLsn behind) {
    chunks = chunkCount;
    barrier = behind;
  }

  /** A position behind everything that the rows can show; null before everything is read. */
  synchronized PgLsn barrier() {
    return barrier;
  }

  /**
   * A chunk is durable; stores the progress, and with the last chunk that the table is done.
   *
   * @param writer of the calling thread
   */
  void stored(BucketWriter writer, CopyChunk chunk) {
    readEstimateWhenDue();
    synchronized (this) {
      stored += chunk.lines().size();
      ahead.put(chunk.number(), new Done(chunk.lines().size(), chunk.end()));
      while (!ahead.isEmpty() && ahead.firstKey() == nextChunk) {
        advance(writer, ahead.pollFirstEntry().getValue());
      }
      attempt.progress().table(table.name(), estimate, stored, false);
    }
  }

  private void advance(BucketWriter writer, Done done) {
    nextChunk++;
    copied += done.rows();
    if (storesProgress) {
      Optional<byte[]> point =
          done.end().map(ResumePoint::toBson).or(() -> record.progress().lastKey());
      record = writer.updateProgress(record, new SnapshotProgress(estimate, copied, point));
    }
  }

  /** Marks the table as copied when everything that was read is stored. */
  synchronized boolean finish(BucketWriter writer) {
    if (barrier == null || nextChunk != chunks || record.snapshotComplete()) {
      return false;
    }
    record =
        writer.markTablesDone(List.of(record), Optional.of(new Lsn(barrier.toString()))).get(0);
    attempt.progress().table(table.name(), copied, copied, true);
    return true;
  }

  private void readEstimateWhenDue() {
    synchronized (this) {
      if (System.nanoTime() - estimatedAt < ESTIMATE_NANOS) {
        return;
      }
      estimatedAt = System.nanoTime();
    }
    long rows = attempt.queries().run("estimating the rows of a table", this::readEstimate);
    synchronized (this) {
      estimate = rows;
    }
  }

  private long readEstimate(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT reltuples::bigint FROM pg_class WHERE oid = ?::oid")) {
      statement.setString(1, Long.toString(table.oid()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }
}
