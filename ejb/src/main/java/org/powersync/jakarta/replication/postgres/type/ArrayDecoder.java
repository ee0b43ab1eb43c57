package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Arrays as JSON arrays, one inside the other for each dimension; bounds are dropped. */
final class ArrayDecoder extends ValueDecoder {
  private final ValueDecoder element;
  private final char delimiter;

  ArrayDecoder(ValueDecoder element, char delimiter) {
    this.element = element;
    this.delimiter = delimiter;
  }

  @Override
  public SqlValue decode(String text) {
    JsonBuffer out = new JsonBuffer(text.length() + text.length() / 2);
    json(text, out, 0);
    return SqlValue.of(out.toText());
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.TEXT;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    TextCursor in = new TextCursor(text, boundsLength(text));
    list(in, out, depth + 1);
    in.expectEnd();
  }

  private void list(TextCursor in, JsonBuffer out, int depth) {
    in.expect('{');
    out.raw('[');
    if (!in.skip('}')) {
      boolean more = true;
      while (more) {
        NestingTooDeepException.check(depth);
        element(in, out, depth);
        more = in.skip(delimiter);
        if (more) {
          out.raw(',');
        }
      }
      in.expect('}');
    }
    out.raw(']');
  }

  private void element(TextCursor in, JsonBuffer out, int depth) {
    if (in.looksAt('{')) {
      list(in, out, depth + 1);
    } else if (in.looksAt('"')) {
      element.json(in.quotedElement(), out, depth);
    } else {
      String plain = in.plainElement(delimiter);
      if (plain.equals("NULL")) {
        out.nothing();
      } else {
        element.json(plain, out, depth);
      }
    }
  }

  /** Length of a prefix like {@code [2:3][-1:0]=}, 0 without one. */
  private static int boundsLength(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == '[') {
      int colon = integerEnd(text, at + 1);
      if (colon < 0 || text.charAt(colon) != ':') {
        return 0;
      }
      int close = integerEnd(text, colon + 1);
      if (close < 0 || text.charAt(close) != ']') {
        return 0;
      }
      at = close + 1;
    }
    return at > 0 && at < text.length() && text.charAt(at) == '=' ? at + 1 : 0;
  }

  /** Position behind an integer, or −1 if there is none or it ends the text. */
  private static int integerEnd(String text, int start) {
    int digits = start < text.length() && text.charAt(start) == '-' ? start + 1 : start;
    int at = digits;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at == digits || at == text.length() ? -1 : at;
  }
}
