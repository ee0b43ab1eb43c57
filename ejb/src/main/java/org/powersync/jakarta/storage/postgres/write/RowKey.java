package org.powersync.jakarta.storage.postgres.write;

import java.util.Comparator;
import org.powersync.jakarta.storage.ReplicaId;

/** A source row of the stream: its source table's id and its identity within that table. */
record RowKey(String tableId, ReplicaId id) {
  /** The order of stored keys, in which rows are locked and written. */
  static final Comparator<RowKey> ORDER = RowKey::compare;

  private static int compare(RowKey a, RowKey b) {
    int tables = a.tableId.compareTo(b.tableId);
    return tables != 0 ? tables : a.id.compareTo(b.id);
  }

  byte[] sourceKey() {
    return id.sourceKey();
  }
}
