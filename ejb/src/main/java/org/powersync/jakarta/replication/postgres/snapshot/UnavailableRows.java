package org.powersync.jakarta.replication.postgres.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Rows of which the stream brought only a part and storage has nothing: fetched again from the
 * source before anything is acknowledged (replication section 3.6). The list is in memory only.
 * Runs on the applying thread.
 */
public final class UnavailableRows {
  private static final Logger LOG = Logger.getLogger(UnavailableRows.class.getName());
  private static final int KEYS_PER_QUERY = 1000;

  private final PostgresAttempt attempt;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  private record Table(SourceTable record, Set<String> keys) {}

  public UnavailableRows(PostgresAttempt attempt) {
    this.attempt = attempt;
  }

  /** Notes a row. */
  public void add(RowChange.Update update) {
    SourceTable record = update.table();
    SqlValue key =
        record.identity().size() == 1
            ? update.after().value(record.identity().get(0).name())
            : SqlValue.ABSENT;
    if (!(key instanceof SqlValue.Text) && !(key instanceof SqlValue.Int)) {
      LOG.log(
          Level.WARNING,
          "A row of {0} is incomplete until it is written as a whole: its table has no simple key",
          record.table());
      return;
    }
    tables
        .computeIfAbsent(record.id(), id -> new Table(record, new LinkedHashSet<>()))
        .keys()
        .add(CopyQueries.keyText(key));
  }

  public boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Fetches all noted rows and flushes them; repeats while the flush reports further ones. */
  public void fetch(BucketWriter writer) throws InterruptedException {
    while (!tables.isEmpty()) {
      List<Table> due = List.copyOf(tables.values());
      tables.clear();
      for (Table table : due) {
        fetch(writer, table);
      }
      attempt.queries().heartbeat();
    }
  }

  private void fetch(BucketWriter writer, Table rows) throws InterruptedException {
    SourceTable record = rows.record();
    try (Connection connection = attempt.connections().snapshot()) {
      Optional<CatalogueTable> found =
          TableCatalogue.byOid(connection, attempt.options().tag(), record.objectId().orElse(0))
              .filter(table -> table.name().equals(record.table()))
              .filter(table -> table.key().isPresent());
      if (found.isEmpty()) {
        LOG.log(Level.WARNING, "Cannot fetch incomplete rows of {0} again", record.table());
        return;
      }
      CatalogueTable table = found.get();
      List<String> keys = new ArrayList<>(rows.keys());
      PgLsn barrier = PgLsn.ZERO;
      TableCopy copy = new TableCopy(attempt, writer, table, record, 0);
      for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
        List<String> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY));
        CopyQueries queries = new CopyQueries.ByIds(table, table.key().get(), some);
        barrier = copy.run(connection, queries, false);
      }
      connection.commit();
      writer.flush();
      writer.markTablesDone(List.of(record), Optional.of(new Lsn(barrier.toString())));
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "fetching rows of " + record.table());
    }
  }
}
