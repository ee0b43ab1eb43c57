package org.powersync.jakarta.replication.postgres.type;

import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A column of a user-defined type: what cannot be decoded stays as printed. */
final class RawFallbackDecoder extends ValueDecoder {
  private final ValueDecoder decoder;

  RawFallbackDecoder(ValueDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public SqlValue decode(byte[] utf8, int offset, int length) {
    try {
      return decoder.decode(utf8, offset, length);
    } catch (NestingTooDeepException e) {
      throw e;
    } catch (PowerSyncException e) {
      return SqlValue.of(new String(utf8, offset, length, StandardCharsets.UTF_8));
    }
  }

  @Override
  public SqlValue decode(String text) {
    try {
      return decoder.decode(text);
    } catch (NestingTooDeepException e) {
      throw e;
    } catch (PowerSyncException e) {
      return SqlValue.of(text);
    }
  }

  @Override
  public SqliteType sqliteType() {
    return decoder.sqliteType();
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    decoder.json(text, out, depth);
  }
}
