package org.powersync.jakarta.replication.postgres.type;

import java.util.function.UnaryOperator;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Types that become text: as printed, or after a change that depends on the type alone.
 *
 * <p>{@code embedded} marks JSON, whose text is part of the JSON around it and not a string.
 */
final class ScalarDecoder extends ValueDecoder {
  /** As printed. */
  static final ScalarDecoder VERBATIM = new ScalarDecoder(text -> text, false);

  /** JSON and jsonb: as printed, spliced into arrays and objects. */
  static final ScalarDecoder JSON = new ScalarDecoder(text -> text, true);

  private final UnaryOperator<String> change;
  private final boolean embedded;

  private ScalarDecoder(UnaryOperator<String> change, boolean embedded) {
    this.change = change;
    this.embedded = embedded;
  }

  /** Text after a change, which answers null for SQL NULL. */
  static ScalarDecoder changed(UnaryOperator<String> change) {
    return new ScalarDecoder(change, false);
  }

  @Override
  public SqlValue decode(String text) {
    return SqlValue.of(change.apply(text));
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.TEXT;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    String value = change.apply(text);
    if (value == null) {
      out.nothing();
    } else if (embedded) {
      out.verbatim(value);
    } else {
      out.text(value);
    }
  }
}
