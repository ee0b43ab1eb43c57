package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.Arrays;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Decodes lines of {@code COPY … TO STDOUT} in text format: columns between tabs, NULL as {@code
 * \N}, backslash escapes. Columns without escapes are decoded in place. One thread.
 */
final class CopyRow {
  private final ColumnDecoders columns;
  private byte[] unescaped = new byte[256];

  CopyRow(ColumnDecoders columns) {
    this.columns = columns;
  }

  /**
   * @param line one row, with or without the newline at its end
   */
  SourceRow decode(byte[] line) {
    int end = line.length;
    if (end > 0 && line[end - 1] == '\n') {
      end--;
    }
    SqlValue[] values = new SqlValue[columns.size()];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      boolean escapes = false;
      int to = from;
      while (to < end && line[to] != '\t') {
        escapes |= line[to] == '\\';
        to++;
      }
      values[i] = value(i, line, from, to, escapes);
      from = to + 1;
    }
    return new SourceRow(columns.layout(), values);
  }

  /** One column of a line whose other columns cannot be decoded. */
  SourceRow decodeOnly(byte[] line, int column) {
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int from = 0;
    for (int skipped = 0; skipped < column; from++) {
      skipped += line[from] == '\t' ? 1 : 0;
    }
    int to = from;
    boolean escapes = false;
    while (to < end && line[to] != '\t') {
      escapes |= line[to] == '\\';
      to++;
    }
    SqlValue[] values = new SqlValue[columns.size()];
    Arrays.fill(values, SqlValue.ABSENT);
    values[column] = value(column, line, from, to, escapes);
    return new SourceRow(columns.layout(), values);
  }

  private SqlValue value(int column, byte[] line, int from, int to, boolean escapes) {
    if (!escapes) {
      return columns.decoder(column).decode(line, from, to - from);
    }
    if (to - from == 2 && line[from + 1] == 'N') {
      return SqlValue.NULL;
    }
    int length = unescape(line, from, to);
    return columns.decoder(column).decode(unescaped, 0, length);
  }

  /** The server escapes backslash and control characters only, each with one letter. */
  private int unescape(byte[] line, int from, int to) {
    if (unescaped.length < to - from) {
      unescaped = new byte[to - from];
    }
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = line[i];
      if (b == '\\') {
        i++;
        b =
            switch (line[i]) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case 'v' -> 0x0B;
              default -> line[i];
            };
      }
      unescaped[length++] = b;
    }
    return length;
  }
}
