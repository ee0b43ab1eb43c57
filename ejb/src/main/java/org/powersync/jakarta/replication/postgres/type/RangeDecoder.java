package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Ranges as JSON objects with their bounds; the empty range is the text {@code empty}. */
final class RangeDecoder extends ValueDecoder {
  private static final String EMPTY = "empty";

  private final ValueDecoder bound;

  RangeDecoder(ValueDecoder bound) {
    this.bound = bound;
  }

  @Override
  public SqlValue decode(String text) {
    if (text.equals(EMPTY)) {
      return SqlValue.of(EMPTY);
    }
    JsonBuffer out = new JsonBuffer(text.length() + 80);
    json(text, out, 0);
    return SqlValue.of(out.toText());
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.TEXT;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    if (text.equals(EMPTY)) {
      out.text(EMPTY);
      return;
    }
    TextCursor in = new TextCursor(text, 0);
    json(in, out, depth);
    in.expectEnd();
  }

  /** One range out of a longer text. */
  void json(TextCursor in, JsonBuffer out, int depth) {
    NestingTooDeepException.check(depth + 1);
    boolean lowerExclusive = exclusive(in, '(', '[');
    String lower = in.field(",");
    in.expect(',');
    String upper = in.field(")]");
    boolean upperExclusive = exclusive(in, ')', ']');
    out.raw('{');
    if (member("lower", lower, out, depth + 1)) {
      out.raw(',');
    }
    if (member("upper", upper, out, depth + 1)) {
      out.raw(',');
    }
    out.text("lower_exclusive").raw(':').integer(lower == null || lowerExclusive ? 1 : 0).raw(',');
    out.text("upper_exclusive").raw(':').integer(upper == null || upperExclusive ? 1 : 0);
    out.raw('}');
  }

  private boolean member(String name, String text, JsonBuffer out, int depth) {
    if (text != null && bound.sqliteType() == SqliteType.BLOB) {
      return false;
    }
    out.text(name).raw(':');
    if (text == null) {
      out.nothing();
    } else {
      bound.json(text, out, depth);
    }
    return true;
  }

  private static boolean exclusive(TextCursor in, char exclusive, char inclusive) {
    char bracket = in.next();
    if (bracket != exclusive && bracket != inclusive) {
      throw TextCursor.malformed();
    }
    return bracket == exclusive;
  }
}
