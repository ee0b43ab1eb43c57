package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Multiranges as JSON arrays of range objects. */
final class MultirangeDecoder extends ValueDecoder {
  private final RangeDecoder range;

  MultirangeDecoder(RangeDecoder range) {
    this.range = range;
  }

  @Override
  public SqlValue decode(String text) {
    JsonBuffer out = new JsonBuffer(text.length() * 2 + 80);
    json(text, out, 0);
    return SqlValue.of(out.toText());
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.TEXT;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    TextCursor in = new TextCursor(text, 0);
    in.expect('{');
    out.raw('[');
    if (!in.skip('}')) {
      NestingTooDeepException.check(depth + 1);
      range.json(in, out, depth + 1);
      while (in.skip(',')) {
        out.raw(',');
        range.json(in, out, depth + 1);
      }
      in.expect('}');
    }
    in.expectEnd();
    out.raw(']');
  }
}
