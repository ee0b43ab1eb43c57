package org.powersync.jakarta.storage.postgres.write;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in PostgreSQL's binary COPY format through one reusable buffer. Fields are appended
 * in column order between {@link #startRow} calls. For one thread.
 */
final class BinaryCopyBuffer {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int INITIAL_BYTES = 128 * 1024;

  /** Handed to the connection from here on. */
  private static final int SEND_BYTES = 64 * 1024;

  /** A buffer that one huge row blew up is not kept. */
  private static final int KEEP_BYTES = 1024 * 1024;

  private static final int NULL_LENGTH = -1;
  private static final byte JSONB_VERSION = 1;
  private static final int BYTEA_OID = 17;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;
  private CopyIn copy;

  /** Rows to be written. */
  @FunctionalInterface
  interface Rows {
    void writeTo(BinaryCopyBuffer out) throws SQLException;
  }

  /** Runs one COPY from start to end; on any failure it is cancelled and the failure passed on. */
  void copy(Connection connection, String sql, Rows rows) throws SQLException {
    copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      size = 0;
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
      if (bytes.length > KEEP_BYTES) {
        bytes = new byte[INITIAL_BYTES];
      }
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
    if (size >= SEND_BYTES) {
      send();
    }
    int2(fields);
  }

  void nullField() {
    int4(NULL_LENGTH);
  }

  void int4Field(int value) {
    int4(Integer.BYTES);
    int4(value);
  }

  void int8Field(long value) {
    int4(Long.BYTES);
    int8(value);
  }

  void bytesField(byte[] value) {
    int4(value.length);
    raw(value);
  }

  /** Text; a null is written as NULL. */
  void textField(String value) {
    if (value == null) {
      nullField();
      return;
    }
    int lengthAt = size;
    int4(0);
    utf8(value);
    lengthAt(lengthAt);
  }

  void jsonbField(String json) {
    int lengthAt = size;
    int4(0);
    ensure(1);
    bytes[size++] = JSONB_VERSION;
    utf8(json);
    lengthAt(lengthAt);
  }

  /** A one-dimensional array of {@code bytea}. */
  void bytesArrayField(List<LookupKey> elements) {
    int count = elements.size();
    int lengthAt = size;
    int4(0);
    int4(count == 0 ? 0 : 1);
    int4(0);
    int4(BYTEA_OID);
    if (count > 0) {
      int4(count);
      int4(1);
      for (LookupKey element : elements) {
        bytesField(element.bytes());
      }
    }
    lengthAt(lengthAt);
  }

  private void send() throws SQLException {
    copy.writeToCopy(bytes, 0, size);
    size = 0;
  }

  private void lengthAt(int position) {
    int length = size - position - Integer.BYTES;
    bytes[position] = (byte) (length >>> 24);
    bytes[position + 1] = (byte) (length >>> 16);
    bytes[position + 2] = (byte) (length >>> 8);
    bytes[position + 3] = (byte) length;
  }

  private void utf8(String text) {
    int length = text.length();
    ensure(length);
    int start = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        raw(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[size++] = (byte) c;
    }
  }

  private void raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  private void int2(int value) {
    ensure(Short.BYTES);
    bytes[size++] = (byte) (value >>> 8);
    bytes[size++] = (byte) value;
  }

  private void int4(int value) {
    ensure(Integer.BYTES);
    bytes[size++] = (byte) (value >>> 24);
    bytes[size++] = (byte) (value >>> 16);
    bytes[size++] = (byte) (value >>> 8);
    bytes[size++] = (byte) value;
  }

  private void int8(long value) {
    int4((int) (value >>> 32));
    int4((int) value);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
