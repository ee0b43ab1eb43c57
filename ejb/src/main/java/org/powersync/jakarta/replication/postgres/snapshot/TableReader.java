package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.replication.postgres.server.ByteQueue;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.replication.postgres.snapshot.TableRead.ChunkEnd;
import org.powersync.jakarta.replication.postgres.snapshot.TableRead.Done;
import org.powersync.jakarta.replication.postgres.snapshot.TableRead.Failed;
import org.powersync.jakarta.replication.postgres.snapshot.TableRead.IdentifiedRow;
import org.powersync.jakarta.replication.postgres.snapshot.TableRead.Rows;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.NestingTooDeepException;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Reads a table with {@code COPY}, chunk by chunk, ahead of the thread that stores the rows
 * (replication section 2.3). Runs on a thread of its own, in the caller's transaction; nobody else
 * uses the connection meanwhile.
 */
final class TableReader implements Runnable {
  private static final Logger LOG = Logger.getLogger(TableReader.class.getName());
  private static final int BATCH_BYTES = 64 * 1024;
  private static final long ROOM_MILLIS = 1000;

  private final Connection connection;
  private final CatalogueTable table;
  private final CopyQueries queries;
  private final ColumnDecoders columns;
  private final RowIdentity identity;
  private final ByteQueue<TableRead> out;

  private final CopyRow copyRow;
  private List<IdentifiedRow> batch = new ArrayList<>();
  private int batchBytes;

  /** The consumer closed the queue. */
  private static final class ConsumerGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  TableReader(
      Connection connection,
      CatalogueTable table,
      CopyQueries queries,
      ColumnDecoders columns,
      RowIdentity identity,
      ByteQueue<TableRead> out) {
    this.connection = connection;
    this.table = table;
    this.queries = queries;
    this.columns = columns;
    this.identity = identity;
    this.out = out;
    this.copyRow = new CopyRow(columns);
  }

  @Override
  public void run() {
    try {
      readChunks();
      put(new Done(SourceServer.position(connection)), 0);
    } catch (ConsumerGone e) {
      LOG.log(Level.FINE, "Reading {0} ended early", table.name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.force(new Failed(e));
    } catch (SQLException e) {
      out.force(new Failed(SourceQueryFailure.of(e, "copying " + table.name())));
    } catch (Throwable e) {
      out.force(new Failed(e));
    }
  }

  private void readChunks() throws SQLException, InterruptedException {
    Optional<String> sql = queries.first();
    while (sql.isPresent()) {
      sql = readChunk(sql.get());
    }
  }

  /** The query of the next chunk; empty behind the last one. */
  private Optional<String> readChunk(String sql) throws SQLException, InterruptedException {
    CopyOut copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + sql + ") TO STDOUT");
    int rows = 0;
    SourceRow last = null;
    for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
      last = add(line);
      rows++;
      if (queries.breakAfter(rows)) {
        endChunk(rows, Optional.empty());
        rows = 0;
      }
    }
    Optional<SnapshotKey> key = queries.key(last);
    endChunk(rows, key);
    return queries.next(rows, key);
  }

  private SourceRow add(byte[] line) throws InterruptedException {
    SourceRow row;
    try {
      row = copyRow.decode(line);
    } catch (NestingTooDeepException e) {
      LOG.log(Level.WARNING, "A row of {0} is not synced: {1}", new Object[] {table.name(), e});
      return keyOnly(line);
    }
    batch.add(new IdentifiedRow(row, ReplicaId.of(identity.of(row))));
    // A decoded row takes about twice its text.
    batchBytes += 2 * line.length + 16 * columns.size();
    if (batchBytes >= BATCH_BYTES) {
      sendBatch();
    }
    return row;
  }

  /** The next chunk begins after this row, although it is left out. */
  private SourceRow keyOnly(byte[] line) {
    int[] keys = identity.columns();
    return copyRow.decodeOnly(line, keys.length == 0 ? 0 : keys[0]);
  }

  private void endChunk(int rows, Optional<SnapshotKey> key) throws InterruptedException {
    sendBatch();
    put(new ChunkEnd(rows, key), 0);
  }

  private void sendBatch() throws InterruptedException {
    if (!batch.isEmpty()) {
      put(new Rows(batch), batchBytes);
      batch = new ArrayList<>();
      batchBytes = 0;
    }
  }

  private void put(TableRead element, int bytes) throws InterruptedException {
    ByteQueue.Offer offer = out.offer(element, bytes, ROOM_MILLIS);
    while (offer == ByteQueue.Offer.FULL) {
      offer = out.offer(element, bytes, ROOM_MILLIS);
    }
    if (offer == ByteQueue.Offer.CLOSED) {
      throw new ConsumerGone();
    }
  }
}
