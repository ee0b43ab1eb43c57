package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in PostgreSQL's binary COPY format through one reusable buffer. Rows are begun by
 * {@link #startRow}. For one thread.
 */
final class BinaryCopyBuffer extends BinaryRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int INITIAL_BYTES = 128 * 1024;

  /** Handed to the connection from here on. */
  private static final int SEND_BYTES = 64 * 1024;

  /** A buffer that one huge row blew up is not kept. */
  private static final int KEEP_BYTES = 1024 * 1024;

  private CopyIn copy;

  BinaryCopyBuffer() {
    super(INITIAL_BYTES);
  }

  /** Rows to be written. */
  @FunctionalInterface
  interface Rows {
    void writeTo(BinaryCopyBuffer out) throws SQLException;
  }

  /** Runs one COPY from start to end; on any failure it is cancelled and the failure passed on. */
  void copy(Connection connection, String sql, Rows rows) throws SQLException {
    copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      clear(KEEP_BYTES);
      raw(SIGNATURE);
      rows.writeTo(this);
      int2(-1);
      send();
      copy.endCopy();
    } catch (SQLException | RuntimeException failure) {
      cancel(failure);
      throw failure;
    } finally {
      copy = null;
      clear(KEEP_BYTES);
    }
  }

  private void cancel(Exception failure) {
    if (copy.isActive()) {
      try {
        copy.cancelCopy();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
  }

  void startRow(int fields) throws SQLException {
    sendWhatIsMuch();
    row(fields);
  }

  /** Writes whole rows that were made before. */
  void copyRows(BinaryRows other, int from, int to) throws SQLException {
    sendWhatIsMuch();
    rows(other, from, to);
  }

  /** Writes all rows of another one. */
  void copyRows(BinaryRows other) throws SQLException {
    send();
    copy.writeToCopy(other.bytes(), 0, other.size());
  }

  private void sendWhatIsMuch() throws SQLException {
    if (size() >= SEND_BYTES) {
      send();
    }
  }

  private void send() throws SQLException {
    copy.writeToCopy(bytes(), 0, size());
    clear(KEEP_BYTES);
  }
}
