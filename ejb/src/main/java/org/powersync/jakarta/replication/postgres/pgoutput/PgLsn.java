package org.powersync.jakarta.replication.postgres.pgoutput;

import java.util.Locale;

/**
 * A position in the write-ahead log of PostgreSQL: an unsigned 64-bit number. Prints in the
 * <em>comparable</em> form {@code 00000016/B374D848}, whose text order is the order of positions
 * (replication section 5.1).
 *
 * @param value the position; negative numbers are the upper half of the unsigned range
 */
public record PgLsn(long value) implements Comparable<PgLsn> {
  /** Before everything; on the wire it also means "not known". */
  public static final PgLsn ZERO = new PgLsn(0);

  private static final int HALF_DIGITS = 8;
  private static final int HEX = 16;

  /**
   * Reads the form of PostgreSQL ({@code 16/B374D848}) and the comparable form.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static PgLsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw malformed(text);
    }
    return new PgLsn(half(text, 0, slash) << Integer.SIZE | half(text, slash + 1, text.length()));
  }

  private static long half(String text, int from, int to) {
    if (to <= from || to - from > HALF_DIGITS) {
      throw malformed(text);
    }
    long half = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, HEX) : -1;
      if (digit < 0) {
        throw malformed(text);
      }
      half = half << 4 | digit;
    }
    return half;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("no log position, expected XXXXXXXX/XXXXXXXX: " + text);
  }

  /** The form of PostgreSQL, without leading zeros: {@code 16/B374D848}. */
  public String postgresText() {
    return Long.toHexString(value >>> Integer.SIZE).toUpperCase(Locale.ROOT)
        + '/'
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
  }

  /** The later of two positions. */
  public PgLsn max(PgLsn other) {
    return compareTo(other) >= 0 ? this : other;
  }

  public boolean isAfter(PgLsn other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(PgLsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The comparable form. */
  @Override
  public String toString() {
    char[] text = new char[2 * HALF_DIGITS + 1];
    int at = text.length;
    for (int digit = 0; digit < 2 * HALF_DIGITS; digit++) {
      if (digit == HALF_DIGITS) {
        text[--at] = '/';
      }
      int nibble = (int) (value >>> (4 * digit)) & 0xF;
      text[--at] = (char) (nibble < 10 ? '0' + nibble : 'A' + nibble - 10);
    }
    return new String(text);
  }
}
