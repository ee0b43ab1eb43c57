package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.TableChangedException;
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

  /** How often a table is looked at that changes again and again meanwhile. */
  private static final int LOOKS = 5;

  /** No such table, no such schema. */
  private static final Set<String> GONE = Set.of("42P01", "3F000");

  private final PostgresAttempt attempt;
  private final CopyPlan plan;
  private final boolean refetch;
  private final TreeMap<Long, Done> ahead = new TreeMap<>();
  private CatalogueTable table;
  private SourceTable record;
  private ColumnDecoders columns;
  private RowIdentity identity;
  private long nextChunk;
  private long chunks = -1;
  private PgLsn barrier;
  private boolean barrierStored;
  private long copied;
  private long stored;
  private long estimate;
  private long estimatedAt = System.nanoTime();

  private record Done(int rows, Optional<ResumePoint> end) {}

  /**
   * @param copied rows that earlier attempts copied
   */
  TableCopy(
      PostgresAttempt attempt,
      CatalogueTable table,
      SourceTable record,
      CopyPlan plan,
      long copied) {
    this(attempt, table, record, plan, copied, false);
  }

  private TableCopy(
      PostgresAttempt attempt,
      CatalogueTable table,
      SourceTable record,
      CopyPlan plan,
      long copied,
      boolean refetch) {
    this.attempt = attempt;
    this.table = table;
    this.record = record;
    this.plan = plan;
    this.copied = copied;
    this.stored = copied;
    this.refetch = refetch;
    this.estimate = table.estimatedRows();
  }

  /**
   * Fetches rows of a table that is copied. They are read in one snapshot of the source, and the
   * barrier goes before them: the stream may be far behind them.
   */
  static TableCopy ofRows(
      PostgresAttempt attempt, CatalogueTable table, SourceTable record, CopyQueries rows) {
    return new TableCopy(attempt, table, record, (connection, now) -> rows, 0, true);
  }

  /** As it is in the transaction that reads it, once that has begun. */
  synchronized CatalogueTable table() {
    return table;
  }

  /** Whether rows of a table are fetched that is copied already. */
  boolean refetch() {
    return refetch;
  }

  /** Makes the decoders; before the first chunk is handed over. */
  void prepare(Connection connection) throws SQLException {
    if (!refetch) {
      takeAsItIs(connection);
    }
    CatalogueTable table = table();
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

  /**
   * Others may have changed the table since it was found. From here to the end of the transaction
   * they cannot. Nothing that may wait for another table comes behind the lock: who changes or
   * truncates several tables would run into a deadlock.
   */
  private void takeAsItIs(Connection connection) throws SQLException {
    CatalogueTable found = table();
    if (lock(connection, found) && TableCatalogue.unchanged(connection, found)) {
      return;
    }
    for (int i = 0; i < LOOKS; i++) {
      connection.rollback();
      Optional<String> definition = TableCatalogue.definition(connection, found.oid());
      CatalogueTable now =
          TableCatalogue.byOid(connection, attempt.options().tag(), found.oid())
              .filter(table -> table.published() && table.descriptor().equals(found.descriptor()))
              .orElseThrow(() -> new TableChangedException(found.name()));
      if (lock(connection, now)
          && definition.equals(TableCatalogue.definition(connection, found.oid()))) {
        synchronized (this) {
          table = now;
        }
        return;
      }
    }
    throw new TableChangedException(found.name());
  }

  /** Keeps others from changing a table; false when nothing is called so any more. */
  private static boolean lock(Connection connection, CatalogueTable table) throws SQLException {
    try (Statement lock = connection.createStatement()) {
      // Takes the lock with as little as the right to read one column.
      lock.execute("SELECT FROM ONLY " + table.quotedName() + " LIMIT 0");
      return true;
    } catch (SQLException e) {
      if (GONE.contains(String.valueOf(e.getSQLState()))) {
        return false;
      }
      throw e;
    }
  }

  /** The queries that read it, in the transaction that it was prepared in. */
  CopyQueries queries(Connection connection) throws SQLException {
    return plan.queries(connection, table());
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

  /** Before the first row is read: a position behind everything that the rows will show. */
  synchronized void showsUpTo(PgLsn behind) {
    barrier = behind;
  }

  /** Everything is read. */
  synchronized void read(long chunkCount, PgLsn behind) {
    chunks = chunkCount;
    barrier = behind;
  }

  /** Before a chunk is stored. */
  synchronized void storing(BucketWriter writer) {
    if (refetch && !barrierStored) {
      writer.raiseBarrier(new Lsn(barrier.toString()));
      barrierStored = true;
    }
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
      if (!refetch) {
        attempt.progress().table(table.name(), estimate, stored, false);
      }
    }
  }

  private void advance(BucketWriter writer, Done done) {
    nextChunk++;
    copied += done.rows();
    if (!refetch) {
      Optional<byte[]> point =
          done.end().map(ResumePoint::toBson).or(() -> record.progress().lastKey());
      record = writer.updateProgress(record, new SnapshotProgress(estimate, copied, point));
    }
  }

  /** Marks the table as copied when everything that was read is stored. */
  synchronized boolean finish(BucketWriter writer) {
    if (refetch || barrier == null || nextChunk != chunks || record.snapshotComplete()) {
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
      statement.setString(1, Long.toString(table().oid()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }
}
