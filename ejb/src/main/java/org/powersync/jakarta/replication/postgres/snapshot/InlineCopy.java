package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;

/**
 * Copies a table that appears while the source is followed: new, renamed, or with another identity
 * (replication section 2.8). Always from its beginning. Runs on the applying thread, with its
 * writer.
 */
public final class InlineCopy {
  private static final Logger LOG = Logger.getLogger(InlineCopy.class.getName());

  private final PostgresAttempt attempt;
  private final BucketWriter writer;

  public InlineCopy(PostgresAttempt attempt, BucketWriter writer) {
    this.attempt = attempt;
    this.writer = writer;
  }

  /**
   * @param usable false when the table is not any more what the stream said: ignore its changes
   *     until it is described again
   */
  public record Result(SourceTable table, boolean usable) {}

  /** Copies the table with this OID into a record that was resolved for it. */
  public Result run(long oid, SourceTable record) throws InterruptedException {
    writer.truncate(List.of(record));
    try (Connection connection = attempt.connections().snapshot()) {
      Optional<CatalogueTable> found =
          TableCatalogue.byOid(connection, attempt.options().tag(), oid);
      if (found.isEmpty() || !matches(found.get(), record)) {
        LOG.log(
            Level.INFO,
            "Table {0} has changed again since; not copied for this description",
            record.table());
        return new Result(done(record, Optional.empty()), false);
      }
      LOG.log(Level.INFO, "Copying table {0} while following the source", record.table());
      CatalogueTable table = found.get();
      attempt.progress().table(table.name(), table.estimatedRows(), 0, false);
      TableCopy copy =
          new TableCopy(
              attempt,
              table,
              record,
              CopyPlan.of(attempt, table, record, Optional.empty()),
              0,
              true);
      try (CopyWriters writers = new CopyWriters(attempt)) {
        writer.include(writers.copy(List.of(copy)));
      }
      attempt.queries().heartbeat();
      return new Result(copy.record(), true);
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "copying " + record.table());
    }
  }

  /** The copy shows the table as of now, the stream's description as of its position. */
  private static boolean matches(CatalogueTable table, SourceTable record) {
    List<String> columns = table.columnNames();
    return table.published()
        && table.name().equals(record.table())
        && record.identity().stream().map(IdentityColumn::name).allMatch(columns::contains);
  }

  private SourceTable done(SourceTable record, Optional<Lsn> barrier) {
    return writer.markTablesDone(List.of(record), barrier).get(0);
  }
}
