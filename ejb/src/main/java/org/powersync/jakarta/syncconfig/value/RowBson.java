package org.powersync.jakarta.syncconfig.value;

import java.util.List;

/**
 * Rows as BSON documents (storage section 3.1): the stored copy of a source row and the bytes that
 * a row identity is made of.
 */
public final class RowBson {
  private RowBson() {}

  /** The document of these columns; absent ones are left out, integer-like names come first. */
  public static byte[] document(List<String> names, List<SqlValue> values) {
    int[] order = MemberOrder.permutation(names);
    BsonWriter out = new BsonWriter();
    for (int i = 0; i < names.size(); i++) {
      int at = order == null ? i : order[i];
      out.member(names.get(at), values.get(at));
    }
    return out.finish();
  }

  /** The document of a whole row. */
  public static byte[] document(SourceRow row) {
    List<String> names = row.layout().names();
    int[] order = MemberOrder.permutation(names);
    BsonWriter out = new BsonWriter();
    for (int i = 0; i < names.size(); i++) {
      int at = order == null ? i : order[i];
      out.member(names.get(at), row.value(at));
    }
    return out.finish();
  }
}
