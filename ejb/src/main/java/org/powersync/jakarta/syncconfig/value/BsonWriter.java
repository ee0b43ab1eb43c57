package org.powersync.jakarta.syncconfig.value;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes one BSON document in the stored mapping of values (storage section 3.1), straight into
 * bytes. Members are written in call order; who has names that may look like numbers sorts them
 * with {@link MemberOrder} first. Not safe for several threads.
 */
public final class BsonWriter {
  private static final int INITIAL_BYTES = 128;
  private static final int INITIAL_DEPTH = 4;
  private static final char REPLACEMENT = '\uFFFD';

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;
  private int[] starts = new int[INITIAL_DEPTH];
  private int depth;

  public BsonWriter() {
    start();
  }

  /** One member. Absent values write nothing; integers beyond 64 bits wrap modulo 2⁶⁴. */
  public BsonWriter member(String name, SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      head(0x02, name);
      text(text.value());
    } else if (value instanceof SqlValue.Int integer) {
      int64(name, integer.value());
    } else if (value instanceof SqlValue.Real real) {
      real(name, real.value());
    } else if (value == SqlValue.NULL) {
      head(0x0A, name);
    } else if (value instanceof SqlValue.Blob blob) {
      binary(name, 0x00, blob.bytes());
    } else if (value instanceof SqlValue.BigInt integer) {
      int64(name, integer.value().longValue());
    } else if (value instanceof SqlValue.RawJson json) {
      json(name, json.value());
    }
    return this;
  }

  /** A UUID member, binary subtype 4. */
  public BsonWriter uuid(String name, UUID value) {
    binaryHead(name, 0x04, 2 * Long.BYTES);
    bigEndian(value.getMostSignificantBits());
    bigEndian(value.getLeastSignificantBits());
    return this;
  }

  /** Opens a nested array; its members are named {@code "0"}, {@code "1"}, …. */
  public BsonWriter startArray(String name) {
    head(0x04, name);
    start();
    return this;
  }

  /** Opens a nested document. */
  public BsonWriter startDocument(String name) {
    head(0x03, name);
    start();
    return this;
  }

  /** Closes what was opened last. */
  public BsonWriter end() {
    ensure(1);
    bytes[size++] = 0;
    int start = starts[--depth];
    littleEndianAt(start, size - start);
    return this;
  }

  /** Closes the document and returns its bytes; the writer is done then. */
  public byte[] finish() {
    end();
    if (depth != 0) {
      throw new IllegalStateException("nested document left open");
    }
    return Arrays.copyOf(bytes, size);
  }

  private void start() {
    if (depth == starts.length) {
      starts = Arrays.copyOf(starts, 2 * depth);
    }
    starts[depth++] = size;
    ensure(Integer.BYTES);
    size += Integer.BYTES;
  }

  private void real(String name, double value) {
    int integral = (int) value;
    if (integral == value && (integral != 0 || Double.doubleToRawLongBits(value) == 0)) {
      head(0x10, name);
      littleEndian(integral);
    } else {
      head(0x01, name);
      littleEndian(Double.doubleToLongBits(value));
    }
  }

  private void int64(String name, long value) {
    head(0x12, name);
    littleEndian(value);
  }

  private void binary(String name, int subtype, byte[] content) {
    binaryHead(name, subtype, content.length);
    ensure(content.length);
    System.arraycopy(content, 0, bytes, size, content.length);
    size += content.length;
  }

  private void binaryHead(String name, int subtype, int length) {
    head(0x05, name);
    littleEndian(length);
    ensure(1);
    bytes[size++] = (byte) subtype;
  }

  private void json(String name, Object value) {
    if (value instanceof Boolean bool) {
      head(0x08, name);
      ensure(1);
      bytes[size++] = (byte) (bool ? 1 : 0);
    } else if (value instanceof List<?> list) {
      startArray(name);
      for (int i = 0; i < list.size(); i++) {
        json(Integer.toString(i), list.get(i));
      }
      end();
    } else if (value instanceof Map<?, ?> map) {
      startDocument(name);
      List<String> names = map.keySet().stream().map(String.class::cast).toList();
      int[] order = MemberOrder.permutation(names);
      for (int i = 0; i < names.size(); i++) {
        String member = names.get(order == null ? i : order[i]);
        json(member, map.get(member));
      }
      end();
    } else {
      member(name, scalar(value));
    }
  }

  private static SqlValue scalar(Object value) {
    if (value == null) {
      return SqlValue.NULL;
    }
    if (value instanceof String text) {
      return SqlValue.of(text);
    }
    if (value instanceof SqlValue sql) {
      return sql;
    }
    if (value instanceof Long || value instanceof Integer) {
      return SqlValue.of(((Number) value).longValue());
    }
    if (value instanceof Number number) {
      return SqlValue.of(number.doubleValue());
    }
    throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
  }

  private void head(int type, String name) {
    ensure(1);
    bytes[size++] = (byte) type;
    int start = size;
    utf8(name);
    for (int i = start; i < size; i++) {
      if (bytes[i] == 0) {
        throw new IllegalArgumentException("member name with a NUL character");
      }
    }
    ensure(1);
    bytes[size++] = 0;
  }

  private void text(String text) {
    ensure(Integer.BYTES);
    int length = size;
    size += Integer.BYTES;
    utf8(text);
    ensure(1);
    bytes[size++] = 0;
    littleEndianAt(length, size - length - Integer.BYTES);
  }

  /** Unpaired surrogates become U+FFFD, as in every UTF-8 writer of the ECMAScript world. */
  private void utf8(String text) {
    int length = text.length();
    ensure(length);
    int i = 0;
    for (; i < length && text.charAt(i) < 0x80; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
    if (i < length) {
      utf8(text, i);
    }
  }

  private void utf8(String text, int from) {
    int length = text.length();
    ensure(Math.multiplyExact(length - from, 3));
    byte[] out = bytes;
    int at = size;
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xC0 | c >> 6);
        out[at++] = (byte) (0x80 | c & 0x3F);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        out[at++] = (byte) (0xF0 | point >> 18);
        out[at++] = (byte) (0x80 | point >> 12 & 0x3F);
        out[at++] = (byte) (0x80 | point >> 6 & 0x3F);
        out[at++] = (byte) (0x80 | point & 0x3F);
      } else {
        char unit = Character.isSurrogate(c) ? REPLACEMENT : c;
        out[at++] = (byte) (0xE0 | unit >> 12);
        out[at++] = (byte) (0x80 | unit >> 6 & 0x3F);
        out[at++] = (byte) (0x80 | unit & 0x3F);
      }
    }
    size = at;
  }

  private void littleEndian(int value) {
    ensure(Integer.BYTES);
    littleEndianAt(size, value);
    size += Integer.BYTES;
  }

  private void littleEndian(long value) {
    littleEndian((int) value);
    littleEndian((int) (value >>> Integer.SIZE));
  }

  private void littleEndianAt(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }

  private void bigEndian(long value) {
    ensure(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
