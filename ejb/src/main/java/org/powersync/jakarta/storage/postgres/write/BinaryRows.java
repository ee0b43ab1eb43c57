package org.powersync.jakarta.storage.postgres.write;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in PostgreSQL's binary COPY format, appended field by field in column order to one growing
 * array. For one thread.
 */
class BinaryRows {
  private static final int NULL_LENGTH = -1;
  private static final byte JSONB_VERSION = 1;
  private static final int BYTEA_OID = 17;

  private final int initialBytes;
  private byte[] bytes;
  private int size;

  BinaryRows(int initialBytes) {
    this.initialBytes = initialBytes;
    this.bytes = new byte[initialBytes];
  }

  /** How many bytes there are. */
  final int size() {
    return size;
  }

  /** The bytes, valid up to {@link #size} and until more are appended. */
  final byte[] bytes() {
    return bytes;
  }

  /** Forgets everything; a large array is given up, too. */
  final void clear(int keepBytes) {
    size = 0;
    if (bytes.length > keepBytes) {
      bytes = new byte[initialBytes];
    }
  }

  /** Begins the next row. */
  final void row(int fields) {
    int2(fields);
  }

  /** Appends whole rows of another one. */
  final void rows(BinaryRows other, int from, int to) {
    ensure(to - from);
    System.arraycopy(other.bytes, from, bytes, size, to - from);
    size += to - from;
  }

  /** Overwrites eight bytes. */
  final void int8At(int position, long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[position + i] = (byte) (value >>> 8 * (Long.BYTES - 1 - i));
    }
  }

  final void nullField() {
    int4(NULL_LENGTH);
  }

  final void int4Field(int value) {
    int4(Integer.BYTES);
    int4(value);
  }

  final void int8Field(long value) {
    int4(Long.BYTES);
    int8(value);
  }

  final void bytesField(byte[] value) {
    int4(value.length);
    raw(value);
  }

  /** Text; a null is written as NULL. */
  final void textField(String value) {
    if (value == null) {
      nullField();
      return;
    }
    int lengthAt = size;
    int4(0);
    utf8(value);
    lengthAt(lengthAt);
  }

  final void jsonbField(String json) {
    int lengthAt = size;
    int4(0);
    ensure(1);
    bytes[size++] = JSONB_VERSION;
    utf8(json);
    lengthAt(lengthAt);
  }

  /** A one-dimensional array of {@code bytea}. */
  final void bytesArrayField(List<LookupKey> elements) {
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

  final void raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  /** Of a row its number of fields; -1 ends all rows. */
  final void int2(int value) {
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
