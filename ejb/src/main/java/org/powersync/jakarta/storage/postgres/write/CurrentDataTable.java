package org.powersync.jakarta.storage.postgres.write;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicaId;

/**
 * Reads the current data of one stream, in the table that its storage version has. Each method is
 * one statement however many rows it is about.
 *
 * <p>Rows are found through the primary key. The look-up stands in a LATERAL subquery with a limit,
 * which the planner cannot flatten: statistics of a table that is being filled would otherwise lead
 * it to scan all of it. Nothing is locked: the transaction is REPEATABLE READ, so that writing a
 * row which somebody changed since fails.
 */
final class CurrentDataTable {
  private static final int FIRST_SOFT_DELETE_VERSION = 3;

  private final GroupId stream;
  private final boolean softDeletes;
  private final String name;
  private final String findSql;
  private final String findWithCopiesSql;
  private final String findKeysSql;
  private final String liveRowsSql;
  private final String purgeSql;

  CurrentDataTable(GroupId stream, int storageVersion) {
    this.stream = stream;
    this.softDeletes = storageVersion >= FIRST_SOFT_DELETE_VERSION;
    this.name = softDeletes ? "powersync.v3_current_data" : "powersync.current_data";
    String live = softDeletes ? "pending_delete IS NULL" : "true";
    String contents =
        """
        CASE WHEN jsonb_array_length(buckets) > 0 THEN buckets::text END AS buckets,
        CASE WHEN cardinality(lookups) > 0 THEN lookups END AS lookups,
        %s AS live\
        """
            .formatted(live);
    this.findSql =
        """
        SELECT k.position, c.place, c.buckets, c.lookups, c.live
          FROM unnest(?::text[], ?::bytea[], ?::int4[]) AS k(source_table, source_key, position)
         CROSS JOIN LATERAL (
               SELECT ctid::text AS place, %s
                 FROM %s
                WHERE group_id = ? AND source_table = k.source_table AND source_key = k.source_key
                LIMIT 1) AS c
        """
            .formatted(contents, name);
    // The size of a stored value is known without reading it; only copies that fit are sent.
    this.findWithCopiesSql =
        """
        WITH found AS MATERIALIZED (
          SELECT k.position, k.wanted, c.*
            FROM unnest(?::text[], ?::bytea[], ?::int4[], ?::bool[])
                 AS k(source_table, source_key, position, wanted)
           CROSS JOIN LATERAL (
                 SELECT ctid::text AS place, %s, data
                   FROM %s
                  WHERE group_id = ? AND source_table = k.source_table AND source_key = k.source_key
                  LIMIT 1) AS c),
        sized AS (
          SELECT position, wanted, place, buckets, lookups, live, data,
                 sum(CASE WHEN wanted THEN octet_length(data) ELSE 0 END)
                   OVER (ORDER BY position) AS total
            FROM found)
        SELECT position, place, buckets, lookups, live,
               CASE WHEN wanted AND (total <= ? OR total = octet_length(data)) THEN data END AS data
          FROM sized
        """
            .formatted(contents, name);
    this.findKeysSql =
        """
        SELECT k.position
          FROM unnest(?::text[], ?::bytea[], ?::int4[]) AS k(source_table, source_key, position)
         CROSS JOIN LATERAL (
               SELECT 1
                 FROM %s
                WHERE group_id = ? AND source_table = k.source_table AND source_key = k.source_key
                LIMIT 1) AS c
        """
            .formatted(name);
    this.liveRowsSql =
        """
        SELECT source_key, ctid::text AS place, %s
          FROM %s
         WHERE group_id = ? AND source_table = ? AND source_key > ? AND %s
         ORDER BY source_key
         LIMIT ?
           FOR NO KEY UPDATE
        """
            .formatted(contents, name, live);
    this.purgeSql = "DELETE FROM " + name + " WHERE group_id = ? AND pending_delete <= ?";
  }

  /** The qualified table name. */
  String name() {
    return name;
  }

  GroupId stream() {
    return stream;
  }

  /** Whether deleted rows are kept until a checkpoint passes them. */
  boolean softDeletes() {
    return softDeletes;
  }

  /**
   * A row found.
   *
   * @param place of the row's version in the table
   * @param copyOmitted its copy was asked for but would not fit
   */
  record Found(RowKey key, String place, CurrentRow row, boolean copyOmitted) {}

  /** Those of the rows that exist, without their copies. */
  List<Found> find(Connection connection, List<RowKey> keys) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(findSql)) {
      bindKeys(connection, statement, keys);
      statement.setInt(4, stream.value());
      List<Found> found = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(
              new Found(
                  keys.get(result.getInt("position")),
                  result.getString("place"),
                  row(result, null),
                  false));
        }
      }
      return found;
    }
  }

  /**
   * Those of the rows that exist, with copies where they are wanted. Copies are left out from where
   * their total, in the order of the map, exceeds the limit; the first is always sent.
   */
  List<Found> findWithCopies(Connection connection, Map<RowKey, Boolean> wanted, long copyLimit)
      throws SQLException {
    List<RowKey> keys = List.copyOf(wanted.keySet());
    try (PreparedStatement statement = connection.prepareStatement(findWithCopiesSql)) {
      Integer[] positions = bindKeys(connection, statement, keys);
      Boolean[] flags = new Boolean[positions.length];
      for (int i = 0; i < flags.length; i++) {
        flags[i] = wanted.get(keys.get(positions[i]));
      }
      statement.setArray(4, connection.createArrayOf("bool", flags));
      statement.setInt(5, stream.value());
      statement.setLong(6, copyLimit);
      List<Found> found = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          RowKey key = keys.get(result.getInt("position"));
          byte[] copy = result.getBytes("data");
          found.add(
              new Found(
                  key,
                  result.getString("place"),
                  row(result, copy),
                  copy == null && wanted.get(key)));
        }
      }
      return found;
    }
  }

  /** Those of the keys that exist. */
  List<RowKey> findKeys(Connection connection, List<RowKey> keys) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(findKeysSql)) {
      bindKeys(connection, statement, keys);
      statement.setInt(4, stream.value());
      List<RowKey> found = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(keys.get(result.getInt(1)));
        }
      }
      return found;
    }
  }

  /** The next rows of a source table, in key order, that are not deleted. */
  List<Found> liveRows(Connection connection, String tableId, byte[] afterKey, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(liveRowsSql)) {
      statement.setInt(1, stream.value());
      statement.setString(2, tableId);
      statement.setBytes(3, afterKey);
      statement.setInt(4, limit);
      List<Found> found = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          RowKey key = new RowKey(tableId, new ReplicaId(result.getBytes("source_key")));
          found.add(new Found(key, result.getString("place"), row(result, null), false));
        }
      }
      return found;
    }
  }

  /** Forgets soft-deleted rows that a checkpoint has passed. */
  int purge(Connection connection, long checkpoint) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(purgeSql)) {
      statement.setInt(1, stream.value());
      statement.setLong(2, checkpoint);
      return statement.executeUpdate();
    }
  }

  /** Binds the keys in their stored order, as parameters 1 to 3; returns their positions. */
  private static Integer[] bindKeys(
      Connection connection, PreparedStatement statement, List<RowKey> keys) throws SQLException {
    Integer[] positions = new Integer[keys.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
    }
    Arrays.sort(positions, Comparator.comparing(keys::get, RowKey.ORDER));
    String[] tables = new String[positions.length];
    byte[][] sourceKeys = new byte[positions.length][];
    for (int i = 0; i < positions.length; i++) {
      RowKey key = keys.get(positions[i]);
      tables[i] = key.tableId();
      sourceKeys[i] = key.sourceKey();
    }
    statement.setArray(1, connection.createArrayOf("text", tables));
    statement.setArray(2, connection.createArrayOf("bytea", sourceKeys));
    statement.setArray(3, connection.createArrayOf("int4", positions));
    return positions;
  }

  private static CurrentRow row(ResultSet result, byte[] copy) throws SQLException {
    String buckets = result.getString("buckets");
    Array lookups = result.getArray("lookups");
    return new CurrentRow(
        buckets == null ? List.of() : StoredBuckets.read(buckets),
        lookups == null ? List.of() : lookupKeys(lookups),
        copy,
        result.getBoolean("live"));
  }

  private static List<LookupKey> lookupKeys(Array lookups) throws SQLException {
    List<LookupKey> keys = new ArrayList<>();
    for (byte[] bytes : (byte[][]) lookups.getArray()) {
      keys.add(new LookupKey(bytes));
    }
    return keys;
  }
}
