package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/** Statements about replication slots. */
public final class ReplicationSlots {
  // All columns: wal_status exists from 13, invalidation_reason from 17.
  private static final String FIND =
      "SELECT *, database = current_database() AS same_database"
          + " FROM pg_replication_slots WHERE slot_name = ?";

  private static final String DROP =
      "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?";

  // reply_time exists from version 12; status messages are sent every 10 s.
  private static final String TAKE_OVER =
      """
      SELECT pg_terminate_backend(s.active_pid)
      FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = ?
        AND (to_jsonb(r) ->> 'reply_time')::timestamptz < now() - interval '14 seconds'\
      """;

  private static final String END_MAKING =
      """
      SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
      WHERE slot_name = ? AND confirmed_flush_lsn IS NULL\
      """;

  private static final String ACTIVE =
      "SELECT active FROM pg_replication_slots WHERE slot_name = ?";

  private ReplicationSlots() {}

  public static Optional<ReplicationSlot> find(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  private static ReplicationSlot read(ResultSet row) throws SQLException {
    Set<String> columns = columns(row);
    String safe = columns.contains("safe_wal_size") ? row.getString("safe_wal_size") : null;
    return new ReplicationSlot(
        row.getString("slot_name"),
        row.getString("plugin"),
        row.getBoolean("same_database"),
        row.getBoolean("temporary"),
        optional(columns, row, "wal_status"),
        optional(columns, row, "invalidation_reason"),
        safe == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(safe)),
        optional(columns, row, "confirmed_flush_lsn").map(PgLsn::parse));
  }

  private static Set<String> columns(ResultSet row) throws SQLException {
    ResultSetMetaData meta = row.getMetaData();
    Set<String> names = new HashSet<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      names.add(meta.getColumnName(i));
    }
    return names;
  }

  private static Optional<String> optional(Set<String> columns, ResultSet row, String name)
      throws SQLException {
    return columns.contains(name) ? Optional.ofNullable(row.getString(name)) : Optional.empty();
  }

  /** Does nothing when there is no such slot; fails while a connection uses it. */
  public static Void drop(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DROP)) {
      statement.setString(1, name);
      statement.execute();
    }
    return null;
  }

  /**
   * Ends the server process that still serves a slot although its client has been silent for longer
   * than a client of ours ever is; the server itself notices only after its own timeout. The caller
   * holds the stream's lock.
   *
   * @return whether there was one
   */
  public static boolean takeOver(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * Ends the server process that still makes a slot for a client that is gone. It would go on as
   * long as other transactions run, and then leave a slot that begins behind what was copied
   * meanwhile. The caller holds the stream's lock.
   */
  public static Void endMaking(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END_MAKING)) {
      statement.setString(1, name);
      statement.execute();
    }
    return null;
  }

  /** Whether a connection uses the slot. */
  public static boolean active(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ACTIVE)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * Creates a slot; waits for the transactions that run at this moment, however long that takes.
   *
   * @param replication a replication connection
   */
  public static void create(Connection replication, String name) throws SQLException {
    try (Statement statement = replication.createStatement()) {
      statement.execute("CREATE_REPLICATION_SLOT \"" + name + "\" LOGICAL " + SlotDecision.PLUGIN);
    }
  }
}
