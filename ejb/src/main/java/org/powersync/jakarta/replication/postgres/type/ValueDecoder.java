package org.powersync.jakarta.replication.postgres.type;

import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Turns the text of one column into a value. Made by {@link TypeRegistry}; safe for all threads.
 *
 * <p>Implementations are the kinds of types there are, no others.
 */
public abstract sealed class ValueDecoder
    permits ScalarDecoder,
        IntegerDecoder,
        RealDecoder,
        ByteaDecoder,
        ArrayDecoder,
        CompositeDecoder,
        RangeDecoder,
        MultirangeDecoder,
        RawFallbackDecoder {

  /**
   * Decodes a value that is not null.
   *
   * @param utf8 holds the text; is neither kept nor changed
   * @throws UndecodableValueException when the row cannot be synced: {@code PSYNC_S1004} when it is
   *     nested too deep, {@code PSYNC_S1101} when the text is not one that PostgreSQL prints for
   *     this type under the required session settings
   */
  public SqlValue decode(byte[] utf8, int offset, int length) {
    return decode(new String(utf8, offset, length, StandardCharsets.UTF_8));
  }

  /** Decodes a value that is not null; see {@link #decode(byte[], int, int)}. */
  public abstract SqlValue decode(String text);

  /** What clients get, apart from null. */
  public abstract SqliteType sqliteType();

  /**
   * Writes a value that is not null as a JSON fragment.
   *
   * @param depth number of arrays and objects around it
   */
  abstract void json(String text, JsonBuffer out, int depth);
}
