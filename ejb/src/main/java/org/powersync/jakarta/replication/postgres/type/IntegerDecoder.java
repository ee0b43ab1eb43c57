package org.powersync.jakarta.replication.postgres.type;

import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Whole numbers up to 64 bits, and booleans as 1 and 0. */
final class IntegerDecoder extends ValueDecoder {
  static final IntegerDecoder NUMBER = new IntegerDecoder(false);
  static final IntegerDecoder BOOLEAN = new IntegerDecoder(true);

  /** Shared values, as flags, counters and small keys make up most integers. */
  private static final SqlValue[] SMALL = new SqlValue[1024];

  static {
    for (int i = 0; i < SMALL.length; i++) {
      SMALL[i] = SqlValue.of(i);
    }
  }

  private final boolean bool;

  private IntegerDecoder(boolean bool) {
    this.bool = bool;
  }

  @Override
  public SqlValue decode(byte[] utf8, int offset, int length) {
    long value = bool ? (length == 1 && utf8[offset] == 't' ? 1 : 0) : parse(utf8, offset, length);
    return value >= 0 && value < SMALL.length ? SMALL[(int) value] : SqlValue.of(value);
  }

  @Override
  public SqlValue decode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return decode(bytes, 0, bytes.length);
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.INTEGER;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    out.integer(((SqlValue.Int) decode(text)).value());
  }

  private static long parse(byte[] digits, int offset, int length) {
    boolean negative = length > 0 && digits[offset] == '-';
    int at = negative ? offset + 1 : offset;
    int end = offset + length;
    if (at >= end) {
      throw malformed();
    }
    // Summed up below zero, where the range is larger by one.
    long value = 0;
    for (; at < end; at++) {
      int digit = digits[at] - '0';
      if (digit < 0 || digit > 9 || value < Long.MIN_VALUE / 10) {
        throw malformed();
      }
      long next = value * 10 - digit;
      if (next > value) {
        throw malformed();
      }
      value = next;
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw malformed();
    }
    return negative ? value : -value;
  }

  private static UndecodableValueException malformed() {
    return new UndecodableValueException(
        ErrorCode.PSYNC_S1101, "text of an integer column is no integer");
  }
}
