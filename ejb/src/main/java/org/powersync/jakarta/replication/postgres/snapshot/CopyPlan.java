package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.storage.SourceTable;

/** Chooses how a table is read, when reading begins and in its transaction. */
@FunctionalInterface
interface CopyPlan {
  /** A range holds about as many rows as a chunk, if a block of 8 kB holds this many. */
  int ROWS_PER_BLOCK = 8;

  /**
   * @param table as it is in this transaction, which keeps it so
   */
  CopyQueries queries(Connection connection, CatalogueTable table) throws SQLException;

  /**
   * By key where there is one that is also the record's identity, else by ranges of blocks.
   *
   * @param stored where an earlier attempt got to; empty = from the beginning
   */
  static CopyPlan of(
      PostgresAttempt attempt, CatalogueTable table, SourceTable record, Optional<byte[]> stored) {
    Optional<SourceColumn> key = key(table, record);
    if (key.isPresent()) {
      Optional<SnapshotKey> start = stored.map(bson -> SnapshotKey.fromBson(key.get(), bson));
      return (connection, now) -> new CopyQueries.ByKey(now, key.get(), start, attempt.chunkRows());
    }
    Optional<BlockPosition> start = stored.flatMap(BlockPosition::fromBson);
    return (connection, now) -> blocks(connection, attempt, now, start);
  }

  private static Optional<SourceColumn> key(CatalogueTable table, SourceTable record) {
    return table.key().filter(column -> record.identity().get(0).name().equals(column.name()));
  }

  /** Whether an interrupted copy goes on where it was. */
  static boolean resumes(CatalogueTable table, SourceTable record, Optional<byte[]> stored) {
    return stored.isPresent()
        && !record.identity().isEmpty()
        && (key(table, record).isPresent() || BlockPosition.fromBson(stored.get()).isPresent());
  }

  /** The lock keeps the table's file until the end of the transaction. */
  private static CopyQueries blocks(
      Connection connection,
      PostgresAttempt attempt,
      CatalogueTable table,
      Optional<BlockPosition> stored)
      throws SQLException {
    int rangeBlocks = Math.max(1, attempt.chunkRows() / ROWS_PER_BLOCK);
    int version = attempt.server().version();
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE ONLY " + table.quotedName() + " IN ACCESS SHARE MODE");
      try (ResultSet row =
          statement.executeQuery(
              "SELECT pg_relation_filenode("
                  + table.oid()
                  + "::oid)::int8, pg_relation_size("
                  + table.oid()
                  + "::oid) / current_setting('block_size')::int8")) {
        row.next();
        long file = row.getLong(1);
        long start =
            stored.filter(point -> point.file() == file).map(BlockPosition::block).orElse(0L);
        return new CopyQueries.ByBlocks(table, file, start, row.getLong(2), rangeBlocks, version);
      }
    }
  }
}
