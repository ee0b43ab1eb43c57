package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Compact JSON in UTF-8, written piece by piece as ECMAScript would (storage section 3.6). Not safe
 * for several threads.
 */
public final class JsonBuffer {
  /** No number of this language is longer, but for INTEGERs beyond 64 bits. */
  public static final int MAX_NUMBER_LENGTH = NumberText.MAX_LENGTH;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private final boolean realsMarked;
  private byte[] bytes;
  private int size;

  public JsonBuffer(int capacity) {
    this(capacity, true);
  }

  private JsonBuffer(int capacity, boolean realsMarked) {
    this.bytes = new byte[capacity];
    this.realsMarked = realsMarked;
  }

  /** A buffer in which an integral REAL looks like an INTEGER, as in bucket names. */
  public static JsonBuffer withoutRealMarks(int capacity) {
    return new JsonBuffer(capacity, false);
  }

  /** The text of a plain Java JSON value. */
  public static String textOf(Object json) {
    return new JsonBuffer(64).json(json).toText();
  }

  /** The text so far, as a copy. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** The text so far. */
  public String toText() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /** One ASCII character. */
  public JsonBuffer raw(char c) {
    room(1);
    bytes[size++] = (byte) c;
    return this;
  }

  public JsonBuffer nothing() {
    return append(NULL);
  }

  public JsonBuffer bool(boolean value) {
    return append(value ? TRUE : FALSE);
  }

  public JsonBuffer integer(long value) {
    room(NumberText.MAX_LENGTH);
    size = NumberText.write(value, bytes, size);
    return this;
  }

  public JsonBuffer integer(BigInteger value) {
    return append(ascii(value.toString()));
  }

  /**
   * A REAL as clients see it: integral values in plain notation end in {@code .0}; NaN and
   * infinities are null.
   */
  public JsonBuffer real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return nothing();
    }
    room(NumberText.MAX_LENGTH);
    size = NumberText.write(value, bytes, size);
    if (realsMarked && NumberText.plainIntegral(value)) {
      raw('.').raw('0');
    }
    return this;
  }

  /** A text with its quotes; escapes only what has to be, unpaired surrogates included. */
  public JsonBuffer text(String value) {
    int length = value.length();
    room(length + 2);
    bytes[size++] = '"';
    int i = 0;
    // Most texts are plain ASCII to the end.
    byte[] out = bytes;
    int at = size;
    for (; i < length; i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
        break;
      }
      out[at++] = (byte) c;
    }
    size = at;
    for (; i < length; i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, value.charAt(++i)));
      } else {
        basic(c);
      }
    }
    return raw('"');
  }

  /** Text that is JSON already; becomes part of this text as it is. */
  public JsonBuffer verbatim(String json) {
    return append(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A number, text, boolean, null, list or map as plain Java, maps in document order. */
  public JsonBuffer json(Object value) {
    if (value == null) {
      return nothing();
    } else if (value instanceof String text) {
      return text(text);
    } else if (value instanceof Long number) {
      return integer(number);
    } else if (value instanceof Double number) {
      return real(number);
    } else if (value instanceof Boolean bool) {
      return bool(bool);
    } else if (value instanceof BigInteger number) {
      return integer(number);
    } else if (value instanceof List<?> list) {
      return list(list);
    } else if (value instanceof Map<?, ?> map) {
      return map(map);
    }
    throw new IllegalArgumentException("not JSON: " + value.getClass());
  }

  /** A value of a row: blobs and absent columns have no JSON. */
  JsonBuffer value(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text(text.value());
    } else if (value instanceof SqlValue.Int integer) {
      return integer(integer.value());
    } else if (value == SqlValue.NULL) {
      return nothing();
    } else if (value instanceof SqlValue.Real real) {
      return real(real.value());
    } else if (value instanceof SqlValue.BigInt integer) {
      return integer(integer.value());
    } else if (value instanceof SqlValue.RawJson raw) {
      return json(raw.value());
    }
    throw new IllegalArgumentException("no JSON for " + value.getClass().getSimpleName());
  }

  private JsonBuffer list(List<?> list) {
    raw('[');
    String separator = "";
    for (Object element : list) {
      if (!separator.isEmpty()) {
        raw(',');
      }
      separator = ",";
      json(element);
    }
    return raw(']');
  }

  private JsonBuffer map(Map<?, ?> map) {
    raw('{');
    boolean first = true;
    for (String name : MemberOrder.of(map.keySet())) {
      if (!first) {
        raw(',');
      }
      first = false;
      text(name).raw(':').json(map.get(name));
    }
    return raw('}');
  }

  private void ascii(char c) {
    switch (c) {
      case '"', '\\' -> escape(c);
      case '\b' -> escape('b');
      case '\t' -> escape('t');
      case '\n' -> escape('n');
      case '\f' -> escape('f');
      case '\r' -> escape('r');
      default -> {
        if (c < 0x20) {
          unicodeEscape(c);
        } else {
          raw(c);
        }
      }
    }
  }

  private void escape(char c) {
    raw('\\').raw(c);
  }

  private void unicodeEscape(char c) {
    room(6);
    bytes[size++] = '\\';
    bytes[size++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[size++] = HEX[c >> shift & 0xf];
    }
  }

  private void basic(char c) {
    if (Character.isSurrogate(c)) {
      unicodeEscape(c);
      return;
    }
    room(3);
    if (c < 0x800) {
      bytes[size++] = (byte) (0xc0 | c >> 6);
    } else {
      bytes[size++] = (byte) (0xe0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
    }
    bytes[size++] = (byte) (0x80 | c & 0x3f);
  }

  private void supplementary(int point) {
    room(4);
    bytes[size++] = (byte) (0xf0 | point >> 18);
    bytes[size++] = (byte) (0x80 | point >> 12 & 0x3f);
    bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
    bytes[size++] = (byte) (0x80 | point & 0x3f);
  }

  private JsonBuffer append(byte[] text) {
    room(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
