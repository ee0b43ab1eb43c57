package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** What a {@link TableReader} hands over, in order. */
sealed interface TableRead {
  /** Some rows of the present chunk. */
  record Rows(List<IdentifiedRow> rows) implements TableRead {}

  /**
   * The present chunk is complete.
   *
   * @param rows in it; zero for the chunk that found nothing more
   * @param lastKey where the next chunk begins; empty when the copy cannot be resumed
   */
  record ChunkEnd(int rows, Optional<SnapshotKey> lastKey) implements TableRead {}

  /**
   * The table is read.
   *
   * @param barrier a position behind everything the rows can show
   */
  record Done(PgLsn barrier) implements TableRead {}

  /** Reading failed. */
  record Failed(Throwable cause) implements TableRead {}

  /** A row and its identity. */
  record IdentifiedRow(SourceRow row, ReplicaId id) {}
}
