package org.powersync.jakarta.sync.ndjson;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing buffer of JSON in UTF-8. The caller is responsible for the structure. One thread. */
final class JsonBytes {
  private static final int SMALL = 8 << 10;

  /** A buffer that grew beyond this is given back once a line needed much less. */
  private static final int KEPT = 64 << 10;

  private static final int LONGEST_ESCAPE = 6;

  /** What one step of a text may write beyond what was asked for, with the closing quote. */
  private static final int SLACK = 3 * LONGEST_ESCAPE;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A one in each byte. */
  private static final long ONES = 0x0101010101010101L;

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /** For each byte the letter after the backslash, 'u' for a numeric escape, 0 for none. */
  private static final byte[] ESCAPES = new byte[256];

  static {
    Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\f'] = 'f';
    ESCAPES['\n'] = 'n';
    ESCAPES['\r'] = 'r';
    ESCAPES['\t'] = 't';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

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

  JsonBytes ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  JsonBytes raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, size, json.length);
    size += json.length;
    return this;
  }

  JsonBytes raw(char ascii) {
    reserve(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  JsonBytes number(long value) {
    if (value < 0) {
      return ascii(Long.toString(value));
    }
    int digits = digits(value);
    reserve(digits);
    long rest = value;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** A number as a JSON text. */
  JsonBytes numberText(long value) {
    return raw('"').number(value).raw('"');
  }

  /** A text, quoted and escaped. */
  JsonBytes text(String text) {
    int length = text.length();
    reserve(2 + length * LONGEST_ESCAPE);
    byte[] to = bytes;
    int at = size;
    to[at++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80 && ESCAPES[c] == 0) {
        to[at++] = (byte) c;
      } else {
        size = at;
        if (c < 0x80) {
          escaped((byte) c);
        } else {
          i += unicode(text, i) - 1;
        }
        at = size;
      }
    }
    to[at++] = '"';
    size = at;
    return this;
  }

  /** UTF-8 as a JSON text, quoted and escaped. */
  JsonBytes text(byte[] utf8) {
    int length = utf8.length;
    reserve(2 + length + (length >> 2) + SLACK);
    byte[] to = bytes;
    int at = size;
    int full = to.length - SLACK;
    to[at++] = '"';
    int i = 0;
    while (i < length) {
      if (at > full) {
        size = at;
        reserve(length - i + (length - i >> 1) + 2 * SLACK);
        to = bytes;
        full = to.length - SLACK;
      }
      if (i + Long.BYTES <= length) {
        // Eight bytes at once, as far as none of them needs an escape.
        long eight = (long) EIGHT.get(utf8, i);
        EIGHT.set(to, at, eight);
        long escapes = escapes(eight);
        int plain = escapes == 0 ? Long.BYTES : Long.numberOfTrailingZeros(escapes) >> 3;
        i += plain;
        at += plain;
        if (escapes == 0) {
          continue;
        }
      }
      byte b = utf8[i++];
      byte escape = ESCAPES[b & 0xff];
      if (escape == 0) {
        to[at++] = b;
      } else if (escape != 'u') {
        to[at] = '\\';
        to[at + 1] = escape;
        at += 2;
      } else {
        size = at;
        escaped(b);
        at = size;
      }
    }
    to[at++] = '"';
    size = at;
    return this;
  }

  /**
   * Marks the bytes that need an escape by their highest bit; the lowest mark is exact, others may
   * be wrong.
   */
  private static long escapes(long eight) {
    long quotes = eight ^ 0x2222222222222222L;
    long backslashes = eight ^ 0x5c5c5c5c5c5c5c5cL;
    return ((quotes - ONES) & ~quotes
            | (backslashes - ONES) & ~backslashes
            | (eight - 0x20 * ONES) & ~eight)
        & 0x80 * ONES;
  }

  private void escaped(byte ascii) {
    byte escape = ESCAPES[ascii];
    if (escape == 0) {
      bytes[size++] = ascii;
      return;
    }
    bytes[size++] = '\\';
    bytes[size++] = escape;
    if (escape == 'u') {
      bytes[size++] = '0';
      bytes[size++] = '0';
      bytes[size++] = HEX[ascii >> 4];
      bytes[size++] = HEX[ascii & 0xf];
    }
  }

  /** Writes the character at an index in UTF-8; returns how many units it took. */
  private int unicode(String text, int index) {
    int point = text.codePointAt(index);
    if (point < 0x800) {
      bytes[size++] = (byte) (0xc0 | point >> 6);
    } else {
      if (point < 0x10000) {
        // A surrogate without its partner has no UTF-8 form.
        point = Character.isSurrogate((char) point) ? 0xfffd : point;
        bytes[size++] = (byte) (0xe0 | point >> 12);
      } else {
        bytes[size++] = (byte) (0xf0 | point >> 18);
        bytes[size++] = (byte) (0x80 | point >> 12 & 0x3f);
      }
      bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
    }
    bytes[size++] = (byte) (0x80 | point & 0x3f);
    return Character.charCount(point);
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
