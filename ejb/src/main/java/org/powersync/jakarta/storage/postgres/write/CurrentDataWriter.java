package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Writes the current data of one stream: rows that are new by COPY, others by one update over
 * arrays, and deletes. A row that somebody else inserted or changed meanwhile breaks the COPY with
 * a unique violation and the update with a serialization failure; {@link ReplicationTransaction}
 * runs the transaction again then.
 */
final class CurrentDataWriter {
  private static final HexFormat HEX = HexFormat.of();

  private final CurrentDataTable table;
  private final BinaryCopyBuffer buffer;
  private final String copySql;
  private final String updateSql;
  private final String deleteSql;

  CurrentDataWriter(CurrentDataTable table, BinaryCopyBuffer buffer) {
    this.table = table;
    this.buffer = buffer;
    boolean soft = table.softDeletes();
    this.copySql = RowForms.copyCurrent(table);
    // By place: the rows were found in this transaction's snapshot. Arrays of arrays cannot be
    // taken
    // apart again: lookups travel as array literals.
    this.updateSql =
        """
        UPDATE %s AS c
           SET buckets = k.buckets::jsonb, data = k.data,
               lookups = coalesce(k.lookups::bytea[], '{}')%s
          FROM unnest(?::tid[], ?::text[], ?::bytea[], ?::text[]%s)
               AS k(place, buckets, data, lookups%s)
         WHERE c.ctid = k.place
        """
            .formatted(
                table.name(),
                soft ? ", pending_delete = k.pending_delete" : "",
                soft ? ", ?::int8[]" : "",
                soft ? ", pending_delete" : "");
    this.deleteSql =
        """
        DELETE FROM %1$s
         WHERE ctid = ANY (ARRAY(
               SELECT c.ctid
                 FROM unnest(?::text[], ?::bytea[]) AS k(source_table, source_key)
                CROSS JOIN LATERAL (
                      SELECT ctid
                        FROM %1$s
                       WHERE group_id = ?
                         AND source_table = k.source_table
                         AND source_key = k.source_key
                         FOR UPDATE) AS c))
        """
            .formatted(table.name());
  }

  /**
   * Stores rows in the order given.
   *
   * @param places where the table holds a row; null for one it does not hold
   * @param opIds gives soft deletes their ids
   */
  void store(
      Connection connection,
      List<Map.Entry<RowKey, CurrentRow>> rows,
      Function<RowKey, String> places,
      OpIdBlock opIds)
      throws SQLException {
    List<Stored> fresh = new ArrayList<>();
    List<Stored> others = new ArrayList<>();
    for (Map.Entry<RowKey, CurrentRow> row : rows) {
      Long pendingDelete = row.getValue().live() ? null : opIds.next();
      String place = places.apply(row.getKey());
      Stored stored = new Stored(row.getKey(), place, row.getValue(), pendingDelete);
      (place == null ? fresh : others).add(stored);
    }
    if (!fresh.isEmpty()) {
      buffer.copy(connection, copySql, out -> copy(out, fresh));
    }
    if (!others.isEmpty()) {
      update(connection, others);
    }
  }

  /** Deletes rows; those that are not there do not matter. */
  void delete(Connection connection, List<RowKey> keys) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(deleteSql)) {
      statement.setArray(
          1, connection.createArrayOf("text", keys.stream().map(RowKey::tableId).toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "bytea", keys.stream().map(RowKey::sourceKey).toArray(byte[][]::new)));
      statement.setInt(3, table.stream().value());
      statement.executeUpdate();
    }
  }

  private record Stored(RowKey key, String place, CurrentRow row, Long pendingDelete) {}

  private void copy(BinaryCopyBuffer out, List<Stored> rows) throws SQLException {
    int fields = RowForms.currentFields(table);
    for (Stored stored : rows) {
      out.startRow(fields);
      RowForms.current(out, table, stored.key(), stored.row(), stored.pendingDelete());
    }
  }

  private void update(Connection connection, List<Stored> rows) throws SQLException {
    int count = rows.size();
    String[] places = new String[count];
    String[] buckets = new String[count];
    byte[][] copies = new byte[count][];
    String[] lookups = new String[count];
    Long[] pendingDeletes = new Long[count];
    for (int i = 0; i < count; i++) {
      Stored stored = rows.get(i);
      places[i] = stored.place();
      buckets[i] = StoredBuckets.write(stored.row().buckets());
      copies[i] = stored.row().copy();
      lookups[i] = arrayLiteral(stored.row().lookups());
      pendingDeletes[i] = stored.pendingDelete();
    }
    try (PreparedStatement statement = connection.prepareStatement(updateSql)) {
      statement.setArray(1, connection.createArrayOf("tid", places));
      statement.setArray(2, connection.createArrayOf("text", buckets));
      statement.setArray(3, connection.createArrayOf("bytea", copies));
      statement.setArray(4, connection.createArrayOf("text", lookups));
      if (table.softDeletes()) {
        statement.setArray(5, connection.createArrayOf("int8", pendingDeletes));
      }
      int updated = statement.executeUpdate();
      if (updated != count) {
        throw new PowerSyncException(
                ErrorCode.PSYNC_S1101, "Stored rows are not where they were found")
            .with("rows", count)
            .with("updated", updated);
      }
    }
  }

  /** {@code {"\\x01","\\x02"}}, or null for none. */
  private static String arrayLiteral(List<LookupKey> lookups) {
    if (lookups.isEmpty()) {
      return null;
    }
    StringBuilder out = new StringBuilder("{");
    for (LookupKey lookup : lookups) {
      out.append(out.length() > 1 ? ",\"\\\\x" : "\"\\\\x");
      out.append(HEX.formatHex(lookup.bytes())).append('"');
    }
    return out.append('}').toString();
  }
}
