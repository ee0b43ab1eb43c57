package org.powersync.jakarta.sync.bson;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of BSON. Documents and arrays are opened and closed by the caller, who also sees
 * to it that names are ASCII without NUL. One thread.
 */
final class BsonBytes {
  private static final int SMALL = 8 << 10;

  /** A buffer that grew beyond this is given back once a line needed much less. */
  private static final int KEPT = 64 << 10;

  private static final int LONGEST_UTF8 = 3;
  private static final int ELEMENT_OVERHEAD = 16;

  private static final byte STRING = 0x02;
  private static final byte DOCUMENT = 0x03;
  private static final byte ARRAY = 0x04;
  private static final byte BOOLEAN = 0x08;
  private static final byte NULL = 0x0a;
  private static final byte INT32 = 0x10;
  private static final byte INT64 = 0x12;

  private byte[] bytes = new byte[SMALL];
  private int size;

  /** Starts anew; what was returned by {@link #view} becomes invalid. */
  void clear() {
    if (bytes.length > KEPT && size < bytes.length / 4) {
      bytes = new byte[SMALL];
    }
    size = 0;
  }

  /** Everything written, without copying. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** Makes room, so that what follows need not grow step by step. */
  void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, size + (size >> 1)));
    }
  }

  /** Begins the outermost document; returns the mark that {@link #close} wants. */
  int open() {
    reserve(Integer.BYTES);
    int mark = size;
    size += Integer.BYTES;
    return mark;
  }

  /** Begins an embedded document. */
  int openDocument(byte[] name) {
    element(DOCUMENT, name);
    return open();
  }

  /** Begins an array; its elements are named by their index. */
  int openArray(byte[] name) {
    element(ARRAY, name);
    return open();
  }

  /** Ends a document or array. */
  void close(int mark) {
    reserve(1);
    bytes[size++] = 0;
    putInt(mark, size - mark);
  }

  void int32(byte[] name, int value) {
    element(INT32, name);
    reserve(Integer.BYTES);
    putInt(size, value);
    size += Integer.BYTES;
  }

  /** The smallest integer type that holds the value. */
  void integer(byte[] name, long value) {
    if (value == (int) value) {
      int32(name, (int) value);
      return;
    }
    element(INT64, name);
    reserve(Long.BYTES);
    putInt(size, (int) value);
    putInt(size + Integer.BYTES, (int) (value >> Integer.SIZE));
    size += Long.BYTES;
  }

  void bool(byte[] name, boolean value) {
    element(BOOLEAN, name);
    reserve(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  void nothing(byte[] name) {
    element(NULL, name);
  }

  /** A number as decimal text, as operation ids are sent. */
  void numberText(byte[] name, long value) {
    if (value < 0) {
      text(name, Long.toString(value));
      return;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    int start = beginText(name, digits);
    long rest = value;
    for (int at = start + digits - 1; at >= start; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    endText(start, digits);
  }

  void text(byte[] name, String value) {
    int length = value.length();
    int start = beginText(name, length * LONGEST_UTF8);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, bytes, start, utf8.length);
        endText(start, utf8.length);
        return;
      }
      bytes[start + i] = (byte) c;
    }
    endText(start, length);
  }

  /** A text that is UTF-8 already. */
  void text(byte[] name, byte[] utf8) {
    int start = beginText(name, utf8.length);
    System.arraycopy(utf8, 0, bytes, start, utf8.length);
    endText(start, utf8.length);
  }

  private int beginText(byte[] name, int atMost) {
    reserve(name.length + atMost + ELEMENT_OVERHEAD);
    element(STRING, name);
    return size + Integer.BYTES;
  }

  private void endText(int start, int length) {
    putInt(size, length + 1);
    bytes[start + length] = 0;
    size = start + length + 1;
  }

  /** The type and the name with its NUL. */
  private void element(byte type, byte[] name) {
    reserve(name.length + ELEMENT_OVERHEAD);
    bytes[size++] = type;
    System.arraycopy(name, 0, bytes, size, name.length);
    size += name.length;
    bytes[size++] = 0;
  }

  private void putInt(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }
}
