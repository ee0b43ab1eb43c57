package org.powersync.jakarta.syncconfig.sqlite;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Operators of 64 bits; NULL for a NULL side. */
public enum SqliteBits {
  AND {
    @Override
    long of(long left, long right) {
      return left & right;
    }
  },
  OR {
    @Override
    long of(long left, long right) {
      return left | right;
    }
  },
  SHIFT_LEFT {
    @Override
    long of(long left, long right) {
      return shifted(left, right);
    }
  },
  SHIFT_RIGHT {
    @Override
    long of(long left, long right) {
      return shifted(left, right == Long.MIN_VALUE ? Long.MAX_VALUE : -right);
    }
  };

  abstract long of(long left, long right);

  SqlValue apply(SqlValue left, SqlValue right) {
    return left == SqlValue.NULL || right == SqlValue.NULL
        ? SqlValue.NULL
        : SqlValue.of(of(SqliteNumbers.asInteger(left), SqliteNumbers.asInteger(right)));
  }

  /** To the left, or to the right by a negative count; the sign stays. */
  private static long shifted(long value, long count) {
    if (count >= 0) {
      return count < Long.SIZE ? value << count : 0;
    }
    return count > -Long.SIZE ? value >> -count : value < 0 ? -1 : 0;
  }
}
