package org.powersync.jakarta.replication.postgres.type;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.MemberOrder;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Composites as JSON objects. A text with another number of fields than the description has
 * attributes shows that the type was altered; that is reported, and the value is an error.
 */
final class CompositeDecoder extends ValueDecoder {
  private final List<String> names;
  private final List<ValueDecoder> attributes;
  private final int[] order;
  private final Runnable altered;

  /**
   * @param altered told about texts that do not fit the attributes, from any thread
   */
  CompositeDecoder(List<String> names, List<ValueDecoder> attributes, Runnable altered) {
    this.names = names;
    this.attributes = attributes;
    this.order = MemberOrder.permutation(names);
    this.altered = altered;
  }

  @Override
  public SqlValue decode(String text) {
    JsonBuffer out = new JsonBuffer(text.length() * 2);
    json(text, out, 0);
    return SqlValue.of(out.toText());
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.TEXT;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    List<String> fields = fields(text);
    out.raw('{');
    boolean first = true;
    for (int i = 0; i < fields.size(); i++) {
      int at = order == null ? i : order[i];
      String field = fields.get(at);
      ValueDecoder decoder = attributes.get(at);
      if (field != null && decoder.sqliteType() == SqliteType.BLOB) {
        continue;
      }
      NestingTooDeepException.check(depth + 1);
      if (!first) {
        out.raw(',');
      }
      first = false;
      out.text(names.get(at)).raw(':');
      if (field == null) {
        out.nothing();
      } else {
        decoder.json(field, out, depth + 1);
      }
    }
    out.raw('}');
  }

  private List<String> fields(String text) {
    TextCursor in = new TextCursor(text, 0);
    List<String> fields = new ArrayList<>(names.size());
    in.expect('(');
    if (names.isEmpty()) {
      in.expect(')');
    } else {
      do {
        fields.add(in.field(",)"));
      } while (in.skip(','));
      in.expect(')');
    }
    in.expectEnd();
    if (fields.size() != names.size()) {
      altered.run();
      throw TextCursor.malformed();
    }
    return fields;
  }
}
