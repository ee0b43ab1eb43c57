package org.powersync.jakarta.replication.postgres;

import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Reads rows in tests. */
final class Rows {
  private Rows() {}

  static String text(SourceRow row, int column) {
    return text(row.value(column));
  }

  static String text(SourceRow row, String column) {
    return text(row.value(column));
  }

  private static String text(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value();
    }
    return value instanceof SqlValue.Int integer ? Long.toString(integer.value()) : null;
  }
}
