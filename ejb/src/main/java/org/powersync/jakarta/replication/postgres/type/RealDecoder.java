package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Floating point numbers, read from their text: a {@code float4} printed as {@code 3.14} is 3.14,
 * not its wider binary neighbour.
 */
final class RealDecoder extends ValueDecoder {
  static final RealDecoder INSTANCE = new RealDecoder();

  private RealDecoder() {}

  @Override
  public SqlValue decode(String text) {
    return SqlValue.of(parse(text));
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.REAL;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    out.real(parse(text));
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UndecodableValueException(
          ErrorCode.PSYNC_S1101, "text of a floating point column is no number");
    }
  }
}
