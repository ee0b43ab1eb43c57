package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.replication.postgres.server.ByteQueue;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * Copies rows of one table into storage: reading runs ahead on a thread of its own while rows are
 * saved and flushed (replication sections 2.3 to 2.5). Progress is stored only after the flush of
 * its rows. One thread.
 */
final class TableCopy {
  private static final long QUEUE_BYTES = 8L << 20;
  private static final long POLL_MILLIS = 500;
  private static final long ESTIMATE_NANOS = 600_000_000_000L;

  private final PostgresAttempt attempt;
  private final BucketWriter writer;
  private final CatalogueTable table;
  private SourceTable record;
  private long copied;
  private long estimate;
  private long estimatedAt = System.nanoTime();

  /**
   * @param copied rows that earlier attempts copied
   */
  TableCopy(
      PostgresAttempt attempt,
      BucketWriter writer,
      CatalogueTable table,
      SourceTable record,
      long copied) {
    this.attempt = attempt;
    this.writer = writer;
    this.table = table;
    this.record = record;
    this.copied = copied;
    this.estimate = table.estimatedRows();
  }

  /** The chunks of a table: by key where there is one that is also the record's identity. */
  static CopyQueries queries(
      CatalogueTable table, SourceTable record, Optional<byte[]> lastKey, int chunkRows) {
    Optional<SourceColumn> key =
        table.key().filter(column -> record.identity().get(0).name().equals(column.name()));
    if (key.isEmpty()) {
      return new CopyQueries.Whole(table, chunkRows);
    }
    return new CopyQueries.ByKey(
        table, key.get(), lastKey.map(bson -> SnapshotKey.fromBson(key.get(), bson)), chunkRows);
  }

  /**
   * Copies what the queries read, in one transaction of the connection.
   *
   * @param storesProgress whether the record's progress follows
   * @return a position behind everything that the rows can show
   */
  PgLsn run(Connection connection, CopyQueries queries, boolean storesProgress)
      throws InterruptedException {
    ByteQueue<TableRead> queue = new ByteQueue<>(QUEUE_BYTES);
    Thread reader = attempt.threads().newThread(reader(connection, queries, queue));
    reader.start();
    boolean complete = false;
    try {
      PgLsn barrier = store(queue, storesProgress);
      complete = true;
      return barrier;
    } finally {
      queue.close();
      if (!complete) {
        abort(connection);
      }
      reader.join();
    }
  }

  private TableReader reader(
      Connection connection, CopyQueries queries, ByteQueue<TableRead> queue) {
    try {
      attempt.types().refresh(connection, table.typeOids());
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "reading the types of " + table.name());
    }
    ColumnDecoders columns =
        ColumnDecoders.of(
            table.columnNames(),
            table.typeOids(),
            attempt.types(),
            attempt.compatibility(),
            ReadPath.SNAPSHOT);
    List<String> names = record.identity().stream().map(IdentityColumn::name).toList();
    RowIdentity identity = RowIdentity.forColumns(columns.layout(), names);
    return new TableReader(connection, table, queries, columns, identity, queue);
  }

  private PgLsn store(ByteQueue<TableRead> queue, boolean storesProgress)
      throws InterruptedException {
    while (true) {
      TableRead read = queue.poll(POLL_MILLIS);
      if (read instanceof TableRead.Rows rows) {
        save(rows);
      } else if (read instanceof TableRead.ChunkEnd end) {
        writer.flush();
        attempt.slotWatch().checkIfDue();
        if (storesProgress) {
          storeProgress(end);
        }
        attempt.stop().check();
      } else if (read instanceof TableRead.Done done) {
        return done.barrier();
      } else if (read instanceof TableRead.Failed failed) {
        throw rethrow(failed.cause());
      } else if (attempt.stop().stopped()) {
        attempt.stop().check();
      }
    }
  }

  private void save(TableRead.Rows rows) {
    for (TableRead.IdentifiedRow row : rows.rows()) {
      writer.save(new RowChange.Insert(record, row.row(), row.id()));
    }
    attempt.counters().add(Counter.ROWS_REPLICATED, rows.rows().size());
    attempt.progress().addRows(rows.rows().size());
  }

  private void storeProgress(TableRead.ChunkEnd end) {
    copied += end.rows();
    if (System.nanoTime() - estimatedAt > ESTIMATE_NANOS) {
      estimate = attempt.queries().run("estimating the rows of a table", this::readEstimate);
      estimatedAt = System.nanoTime();
    }
    Optional<byte[]> key =
        end.lastKey().map(SnapshotKey::toBson).or(() -> record.progress().lastKey());
    record = writer.updateProgress(record, new SnapshotProgress(estimate, copied, key));
    attempt.progress().table(table.name(), estimate, copied, false);
  }

  private long readEstimate(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT reltuples::bigint FROM pg_class WHERE oid = ?::oid")) {
      statement.setString(1, Long.toString(table.oid()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : estimate;
      }
    }
  }

  /** The reader may wait inside the driver: closing the socket ends that at once. */
  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "giving up a table copy");
    }
  }

  private static RuntimeException rethrow(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }

  SourceTable record() {
    return record;
  }

  long copied() {
    return copied;
  }
}
