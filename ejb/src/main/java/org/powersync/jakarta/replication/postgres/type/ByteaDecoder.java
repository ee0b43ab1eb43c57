package org.powersync.jakarta.replication.postgres.type;

import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Binary strings in the hex form. JSON cannot hold them: null in arrays, no member in objects. */
final class ByteaDecoder extends ValueDecoder {
  static final ByteaDecoder INSTANCE = new ByteaDecoder();

  private static final byte[] VALUES = new byte[128];

  static {
    for (int i = 0; i < VALUES.length; i++) {
      VALUES[i] = (byte) Character.digit(i, 16);
    }
  }

  private ByteaDecoder() {}

  @Override
  public SqlValue decode(byte[] utf8, int offset, int length) {
    if (length < 2 || length % 2 != 0 || utf8[offset] != '\\' || utf8[offset + 1] != 'x') {
      throw malformed();
    }
    byte[] bytes = new byte[length / 2 - 1];
    for (int i = 0, at = offset + 2; i < bytes.length; i++, at += 2) {
      bytes[i] = (byte) (digit(utf8[at]) << 4 | digit(utf8[at + 1]));
    }
    return new SqlValue.Blob(bytes);
  }

  @Override
  public SqlValue decode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return decode(bytes, 0, bytes.length);
  }

  @Override
  public SqliteType sqliteType() {
    return SqliteType.BLOB;
  }

  @Override
  void json(String text, JsonBuffer out, int depth) {
    out.nothing();
  }

  private static int digit(byte c) {
    int digit = c < 0 ? -1 : VALUES[c];
    if (digit < 0) {
      throw malformed();
    }
    return digit;
  }

  private static UndecodableValueException malformed() {
    return new UndecodableValueException(
        ErrorCode.PSYNC_S1101,
        "bytea column is not in hex form; the session needs bytea_output = hex");
  }
}
