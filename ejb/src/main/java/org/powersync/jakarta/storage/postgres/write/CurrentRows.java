package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.postgres.write.CurrentDataTable.Found;

/**
 * What storage knows of the rows of a queue, kept up to date while the queue is applied. Copies are
 * loaded only where a change needs one, and only as many at a time as the limits allow. For one
 * attempt of one transaction.
 */
final class CurrentRows {
  private final Connection connection;
  private final CurrentDataTable table;
  private final long copyLimit;
  private final Map<RowKey, CurrentRow> rows = new HashMap<>();
  private final Map<RowKey, String> places = new HashMap<>();

  /** Rows whose copy is needed but did not fit into the last round, in queue order. */
  private List<RowKey> awaitingCopies = new ArrayList<>();

  CurrentRows(Connection connection, CurrentDataTable table, BatchLimits limits) {
    this.connection = connection;
    this.table = table;
    // A transaction ends after maxEstimatedSize; copies far beyond that would be loaded in vain.
    this.copyLimit = Math.min(limits.maxCurrentDataBatchSize(), 2 * limits.maxEstimatedSize());
  }

  /** Loads the rows that these changes are about. */
  void load(List<QueuedChange> changes) throws SQLException {
    Map<RowKey, Boolean> wanted = new LinkedHashMap<>(changes.size() * 2);
    boolean copies = false;
    for (QueuedChange change : changes) {
      wanted.merge(change.currentKey(), change.needsStoredCopy(), Boolean::logicalOr);
      copies |= change.needsStoredCopy();
      if (change.leavesKey() && change.afterKey() != null) {
        wanted.putIfAbsent(change.afterKey(), false);
      }
    }
    List<Found> found =
        copies
            ? table.findWithCopies(connection, wanted, copyLimit)
            : table.find(connection, List.copyOf(wanted.keySet()));
    for (Found row : found) {
      rows.put(row.key(), row.row());
      places.put(row.key(), row.place());
      if (row.copyOmitted()) {
        awaitingCopies.add(row.key());
      }
    }
  }

  /** The row as it is by now, or null. */
  CurrentRow get(RowKey key) {
    return rows.get(key);
  }

  /** The stored copy of a row that is there. */
  byte[] copy(RowKey key) throws SQLException {
    CurrentRow row = rows.get(key);
    if (row.copy() == null) {
      loadCopies(key);
      row = rows.get(key);
    }
    return row.copy();
  }

  void put(RowKey key, CurrentRow row) {
    rows.put(key, row);
  }

  void forget(RowKey key) {
    rows.remove(key);
  }

  /** Where the table held this row when it was loaded, or null. */
  String place(RowKey key) {
    return places.get(key);
  }

  private void loadCopies(RowKey first) throws SQLException {
    Map<RowKey, Boolean> wanted = new LinkedHashMap<>();
    wanted.put(first, true);
    for (RowKey key : awaitingCopies) {
      CurrentRow row = rows.get(key);
      if (row != null && row.copy() == null) {
        wanted.put(key, true);
      }
    }
    awaitingCopies = new ArrayList<>();
    for (Found row : table.findWithCopies(connection, wanted, copyLimit)) {
      if (row.copyOmitted()) {
        awaitingCopies.add(row.key());
      } else {
        rows.computeIfPresent(row.key(), (key, known) -> known.withCopy(row.row().copy()));
      }
    }
  }
}
