package org.powersync.jakarta.syncconfig.value;

import java.util.List;

/**
 * Row JSON and bucket parameters, byte for byte as clients and checksums need them (storage
 * sections 3.6 and 3.7). NaN and infinities are null.
 */
public final class RowJson {
  private static final int MEMBER_OVERHEAD = 24;

  private RowJson() {}

  /** Compact JSON object in UTF-8: integer-like names first, ascending, then the rest in order. */
  public static byte[] write(List<String> names, List<SqlValue> values) {
    int capacity = 2;
    for (int i = 0; i < names.size(); i++) {
      capacity += names.get(i).length() + MEMBER_OVERHEAD;
      if (values.get(i) instanceof SqlValue.Text text) {
        capacity += text.value().length();
      }
    }
    JsonBuffer out = new JsonBuffer(capacity).raw('{');
    int[] order = MemberOrder.permutation(names);
    boolean first = true;
    for (int i = 0; i < names.size(); i++) {
      int position = order == null ? i : order[i];
      SqlValue value = values.get(position);
      if (value == SqlValue.ABSENT || value instanceof SqlValue.Blob) {
        continue;
      }
      if (!first) {
        out.raw(',');
      }
      first = false;
      out.text(names.get(position)).raw(':').value(value);
    }
    return out.raw('}').toBytes();
  }

  /**
   * The parameters of a bucket as they stand in its name: a JSON array in which INTEGER and REAL
   * look the same.
   */
  public static String parameters(SqlValue... values) {
    if (values.length == 0) {
      return "[]";
    }
    JsonBuffer out = JsonBuffer.withoutRealMarks(48).raw('[');
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.raw(',');
      }
      if (values[i] == SqlValue.ABSENT || values[i] instanceof SqlValue.Blob) {
        out.nothing();
      } else {
        out.value(values[i]);
      }
    }
    return out.raw(']').toText();
  }
}
