package org.powersync.jakarta.replication.postgres.pgoutput;

import org.powersync.jakarta.replication.postgres.type.ValueDecoder;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The columns of one row as received: a view of the message's bytes that knows where each column
 * starts. Nothing is decoded before somebody asks. Immutable by contract; safe for all threads.
 */
public final class Tuple {
  /** Which row a tuple stands for. */
  public enum Kind {
    /** The row after the change. */
    NEW,
    /** The whole row before the change. */
    OLD,
    /** The identity columns before the change; all others are placeholders. */
    KEY
  }

  static final int LENGTH_BYTES = 4;

  private final Kind kind;
  private final byte[] bytes;
  private final int[] starts;

  /** Starts point at the kind byte of each column; the decoder has checked all lengths. */
  Tuple(Kind kind, byte[] bytes, int[] starts) {
    this.kind = kind;
    this.bytes = bytes;
    this.starts = starts;
  }

  public Kind kind() {
    return kind;
  }

  /** Number of columns. */
  public int size() {
    return starts.length;
  }

  /** True when the column carries neither a value nor null: it is filled in from elsewhere. */
  public boolean absent(int column) {
    byte state = bytes[starts[column]];
    return state == 'u' || (state == 'n' && kind == Kind.KEY);
  }

  /** The value of a column: NULL, absent, or what the decoder makes of its text. */
  public SqlValue value(int column, ValueDecoder decoder) {
    int start = starts[column];
    return switch (bytes[start]) {
      case 'n' -> kind == Kind.KEY ? SqlValue.ABSENT : SqlValue.NULL;
      case 'u' -> SqlValue.ABSENT;
      default -> decoder.decode(bytes, start + 1 + LENGTH_BYTES, length(start));
    };
  }

  private int length(int start) {
    return (bytes[start + 1] & 0xFF) << 24
        | (bytes[start + 2] & 0xFF) << 16
        | (bytes[start + 3] & 0xFF) << 8
        | bytes[start + 4] & 0xFF;
  }
}
