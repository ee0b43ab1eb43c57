package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Reads a table with {@code COPY}, query by query, and hands it over in chunks that are bounded in
 * rows and bytes (replication section 2.3). Only the place to resume at is decoded here. In the
 * caller's transaction; one thread.
 */
final class TableReader {
  private static final int CHUNK_BYTES = 5 << 20;

  private final TableCopy copy;
  private final int chunkRows;
  private final Sink sink;
  private CopyRow rows;
  private List<byte[]> lines = new ArrayList<>();
  private int bytes;
  private long number;

  /** Takes chunks with the bytes that were read for them; waits while there is no room. */
  interface Sink {
    void put(CopyChunk chunk, int bytes) throws InterruptedException;
  }

  TableReader(TableCopy copy, int chunkRows, Sink sink) {
    this.copy = copy;
    this.chunkRows = chunkRows;
    this.sink = sink;
  }

  /** Reads the whole table, then a position behind everything its rows can show. */
  void read(Connection connection) throws SQLException, InterruptedException {
    if (copy.refetch()) {
      fixSnapshot(connection);
      copy.showsUpTo(SourceServer.position(connection));
    }
    copy.prepare(connection);
    rows = new CopyRow(copy.columns());
    CopyQueries queries = copy.queries(connection);
    Optional<CopyQueries.Query> query = queries.first();
    while (query.isPresent()) {
      query = read(connection, queries, query.get());
    }
    copy.read(number, SourceServer.position(connection));
  }

  /** The first query of the transaction takes the snapshot of all. */
  private static void fixSnapshot(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }
  }

  private Optional<CopyQueries.Query> read(
      Connection connection, CopyQueries queries, CopyQueries.Query query)
      throws SQLException, InterruptedException {
    CopyOut out =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + query.sql() + ") TO STDOUT");
    int count = 0;
    byte[] last = null;
    for (byte[] line = out.readFromCopy(); line != null; line = out.readFromCopy()) {
      if (full()) {
        handOver(queries.resumesAtRows() ? queries.end(query, key(last)) : Optional.empty());
      }
      lines.add(line);
      bytes += line.length;
      count++;
      last = line;
    }
    Optional<ResumePoint> end = queries.end(query, queries.resumesAtRows() ? key(last) : null);
    handOver(end);
    return queries.next(count, end);
  }

  private boolean full() {
    return lines.size() >= chunkRows || bytes >= CHUNK_BYTES;
  }

  /** Of a copy by key, whose identity is one column. */
  private SourceRow key(byte[] line) {
    return line == null ? null : rows.decodeOnly(line, copy.identity().columns()[0]);
  }

  private void handOver(Optional<ResumePoint> end) throws InterruptedException {
    CopyChunk chunk = new CopyChunk(copy, number++, lines, end);
    sink.put(chunk, bytes);
    lines = new ArrayList<>();
    bytes = 0;
  }
}
