package org.powersync.jakarta.storage.postgres.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceMark;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * The marks of streams, in a private table that makes itself. Where it cannot be made, or is lost,
 * a storage that was set back is not noticed and nothing else happens. Safe for all threads.
 *
 * <p>A stream is named by its {@code slot_name}, which is never used again.
 */
public final class SourceMarks {
  private static final Logger LOG = Logger.getLogger(SourceMarks.class.getName());
  private static final long CREATION_KEY = 0x706F_7765_736D_726BL;

  private static final String EXISTS = "SELECT to_regclass('powersync.x_source_marks') IS NOT NULL";

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS powersync.x_source_marks (
        stream_name text CONSTRAINT x_source_marks_pkey PRIMARY KEY,
        position text,
        system_identifier text,
        timeline integer,
        publication_oid bigint
      ) WITH (fillfactor = 50)\
      """;

  /** Parameters: stream name, position. Never goes back. */
  public static final String RECORD =
      """
      INSERT INTO powersync.x_source_marks AS m (stream_name, position) VALUES (?, ?)
      ON CONFLICT (stream_name) DO UPDATE SET position = excluded.position
      WHERE m.position IS NULL OR m.position < excluded.position COLLATE "C"\
      """;

  private static final String READ =
      "SELECT position, system_identifier, timeline, publication_oid"
          + " FROM powersync.x_source_marks WHERE stream_name = ?";

  private static final String ORIGIN =
      """
      INSERT INTO powersync.x_source_marks
        (stream_name, system_identifier, timeline, publication_oid)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (stream_name) DO UPDATE
      SET system_identifier = excluded.system_identifier, timeline = excluded.timeline,
        publication_oid = excluded.publication_oid\
      """;

  private static final String FORGET = "DELETE FROM powersync.x_source_marks WHERE stream_name = ?";

  private final SqlTransactions sql;
  private final String stream;
  private volatile Boolean available;

  public SourceMarks(SqlTransactions sql, String stream) {
    this.sql = sql;
    this.stream = stream;
  }

  /** Whether marks can be kept; makes the table at first use. */
  public boolean available() {
    Boolean known = available;
    if (known == null) {
      known = create();
      available = known;
    }
    return known;
  }

  private boolean create() {
    try {
      if (!sql.autocommit("look for the marks of sources", SourceMarks::exists)) {
        sql.call(
            "create the marks of sources",
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(" + CREATION_KEY + ")");
                statement.execute(CREATE);
                return null;
              }
            });
      }
      return true;
    } catch (PowerSyncException e) {
      LOG.log(
          Level.WARNING,
          e,
          () -> "Storage cannot tell whether it was set back to an earlier state: " + e);
      return false;
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(EXISTS)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** The mark of the stream; empty when there is none. */
  public Optional<SourceMark> read() {
    if (!available()) {
      return Optional.empty();
    }
    return sql.autocommit(
        "read the mark of a source",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, stream);
            try (ResultSet row = statement.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new SourceMark(
                          Optional.ofNullable(row.getString(1)).map(Lsn::new), origin(row)))
                  : Optional.empty();
            }
          }
        });
  }

  private static Optional<SourceMark.Origin> origin(ResultSet row) throws SQLException {
    String system = row.getString(2);
    return system == null
        ? Optional.empty()
        : Optional.of(new SourceMark.Origin(system, row.getInt(3), row.getLong(4)));
  }

  /** Records a position by itself. */
  public void record(Lsn position) {
    update("record the position of a source", RECORD, position.value());
  }

  /** Records what the stream comes from. */
  public void recordOrigin(SourceMark.Origin origin) {
    update(
        "record the origin of a stream",
        ORIGIN,
        origin.system(),
        origin.timeline(),
        origin.publication());
  }

  /** There is no position any more. */
  public void forget() {
    update("forget the mark of a source", FORGET);
  }

  private void update(String doing, String statementText, Object... values) {
    if (!available()) {
      return;
    }
    sql.autocommit(
        doing,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(statementText)) {
            statement.setString(1, stream);
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 2, values[i]);
            }
            return statement.executeUpdate();
          }
        });
  }

  /** Name of the stream, the first parameter of {@link #RECORD}. */
  public String stream() {
    return stream;
  }
}
