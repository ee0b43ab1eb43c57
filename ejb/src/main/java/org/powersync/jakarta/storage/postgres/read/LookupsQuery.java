package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.TooManyRowsException;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.storage.postgres.format.ParameterRowsText;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * Parameter lookups of one stream as of a checkpoint (storage section 6.6): of every source row the
 * newest entry at or below it, unless that says the row no longer matches. All lookups in one
 * statement; the same one asked twice is answered once (decision A12).
 */
final class LookupsQuery {
  /** Walks {@code bucket_parameters_lookup_index} once per lookup. */
  private static final String FIND =
      """
      SELECT asked.ordinal, entry.bucket_parameters
        FROM unnest(?::bytea[]) WITH ORDINALITY AS asked(lookup, ordinal)
       CROSS JOIN LATERAL (
             SELECT DISTINCT ON (p.source_table, p.source_key) p.bucket_parameters
               FROM powersync.bucket_parameters AS p
              WHERE p.group_id = ? AND p.lookup = asked.lookup AND p.id <= ?
              ORDER BY p.source_table, p.source_key, p.id DESC) AS entry
       WHERE entry.bucket_parameters <> '[]'
       LIMIT ?
      """;

  private final SqlTransactions sql;
  private final GroupId stream;

  LookupsQuery(SqlTransactions sql, GroupId stream) {
    this.sql = sql;
    this.stream = stream;
  }

  Map<ParameterLookup, List<OutputRow>> find(
      OpId checkpoint, Collection<ParameterLookup> wanted, int limit) {
    List<ParameterLookup> lookups = List.copyOf(new LinkedHashSet<>(wanted));
    return sql.autocommit(
        "look up parameters", connection -> find(connection, checkpoint, lookups, limit));
  }

  private Map<ParameterLookup, List<OutputRow>> find(
      Connection connection, OpId checkpoint, List<ParameterLookup> lookups, int limit)
      throws SQLException {
    byte[][] keys = lookups.stream().map(Lookups::bytes).toArray(byte[][]::new);
    Map<ParameterLookup, List<OutputRow>> found = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, connection.createArrayOf("bytea", keys));
      statement.setInt(2, stream.value());
      statement.setLong(3, checkpoint.value());
      // Every entry holds at least one row, so one more entry than allowed is proof enough.
      statement.setLong(4, limit + 1L);
      try (ResultSet entries = statement.executeQuery()) {
        long rows = 0;
        while (entries.next()) {
          List<OutputRow> parsed = ParameterRowsText.parse(entries.getString(2));
          ParameterLookup of = lookups.get(entries.getInt(1) - 1);
          found.computeIfAbsent(of, lookup -> new ArrayList<>()).addAll(parsed);
          rows += parsed.size();
          if (rows > limit) {
            throw new TooManyRowsException(limit, found, of).with("stream", stream);
          }
        }
      }
    }
    return found;
  }
}
