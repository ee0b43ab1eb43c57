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
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;

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

  private record Table(SourceTable record, Set<List<String>> keys) {}

  public UnavailableRows(PostgresAttempt attempt) {
    this.attempt = attempt;
  }

  /** Notes a row. */
  public void add(RowChange.Update update) {
    SourceTable record = update.table();
    List<String> key = new ArrayList<>();
    for (IdentityColumn column : record.identity()) {
      SnapshotKey.literal(update.after().value(column.name())).ifPresent(key::add);
    }
    if (key.isEmpty() || key.size() < record.identity().size()) {
      LOG.log(
          Level.WARNING,
          "A row of {0} is incomplete until it is written as a whole: its key cannot be looked up",
          record.table());
      return;
    }
    tables
        .computeIfAbsent(record.id(), id -> new Table(record, new LinkedHashSet<>()))
        .keys()
        .add(key);
  }

  /** Forgets the rows of records that are dropped: nothing would ever remove what came for them. */
  public void forget(List<SourceTable> records) {
    records.forEach(record -> tables.remove(record.id()));
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

  private static List<SourceColumn> columns(CatalogueTable table, SourceTable record) {
    List<SourceColumn> columns = new ArrayList<>();
    for (IdentityColumn wanted : record.identity()) {
      table.columns().stream()
          .filter(column -> column.name().equals(wanted.name()))
          .forEach(columns::add);
    }
    return columns;
  }

  /** The rows are missing up to the change that made the table another one. */
  private static void tableChanged(BucketWriter writer, SourceTable record, PgLsn seenAt) {
    LOG.log(
        Level.WARNING,
        "Cannot fetch incomplete rows of {0} again: the table has changed since",
        record.table());
    writer.raiseBarrier(new Lsn(seenAt.toString()));
  }

  private void fetch(BucketWriter writer, Table rows) throws InterruptedException {
    SourceTable record = rows.record();
    try (Connection connection = attempt.connections().snapshot()) {
      Optional<CatalogueTable> found =
          TableCatalogue.byOid(connection, attempt.options().tag(), record.objectId().orElse(0))
              .filter(table -> table.name().equals(record.table()));
      List<SourceColumn> columns = found.map(table -> columns(table, record)).orElseGet(List::of);
      if (columns.isEmpty() || columns.size() < record.identity().size()) {
        tableChanged(writer, record, SourceServer.position(connection));
        return;
      }
      CatalogueTable table = found.get();
      connection.rollback();
      List<List<String>> keys = new ArrayList<>(rows.keys());
      for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
        List<List<String>> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY));
        CopyQueries queries = new CopyQueries.ByIds(table, columns, some);
        TableCopy copy = TableCopy.ofRows(attempt, table, record, queries);
        CopyRun.copy(attempt, List.of(copy), List.of(writer));
      }
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "fetching rows of " + record.table());
    }
  }
}
