package org.powersync.jakarta.syncconfig.sqlite;

import java.util.Arrays;
import org.powersync.jakarta.syncconfig.value.Comparison;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The order of values that are not NULL: numbers, texts by code point, blobs by byte. */
final class SqliteComparison {
  private SqliteComparison() {}

  static int compare(SqlValue left, SqlValue right, Affinity affinity) {
    SqlValue a = affinity.applied(left, right);
    SqlValue b = affinity.applied(right, left);
    if (a instanceof SqlValue.Text first && b instanceof SqlValue.Text second) {
      return texts(first.value(), second.value());
    }
    if (a instanceof SqlValue.Blob first && b instanceof SqlValue.Blob second) {
      return Arrays.compareUnsigned(first.bytes(), second.bytes());
    }
    return Comparison.compare(a, b);
  }

  private static int texts(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others.
        boolean high = Character.isSurrogate(a);
        return high == Character.isSurrogate(b) ? a - b : high ? 1 : -1;
      }
    }
    return left.length() - right.length();
  }
}
