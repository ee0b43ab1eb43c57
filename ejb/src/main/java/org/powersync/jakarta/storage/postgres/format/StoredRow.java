package org.powersync.jakarta.storage.postgres.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The copy of a source row in {@code current_data.data} (storage section 3.10), read back. {@code
 * RowBson} writes it.
 */
public final class StoredRow {
  /** Largest stored copy in bytes; a larger row keeps none. */
  public static final int MAX_BYTES = 15 * 1024 * 1024;

  private static final byte[] NO_COPY = {5, 0, 0, 0, 0};
  private static final int UUID_SUBTYPE = 4;
  private static final int ABSENT_ROW_SIZE = 12;
  private static final int MEMBER_SIZE = 12;
  private static final int NO_VALUE_SIZE = 4;
  private static final int NUMBER_SIZE = 8;

  private StoredRow() {}

  /** The bytes that stand for "no copy kept": the empty document. */
  public static byte[] noCopy() {
    return NO_COPY.clone();
  }

  /** Decodes a stored copy. */
  public static SourceRow read(byte[] bson) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(bson))) {
      reader.readStartDocument();
      BsonType type;
      while ((type = reader.readBsonType()) != BsonType.END_OF_DOCUMENT) {
        names.add(reader.readName());
        values.add(value(reader, type));
      }
    }
    return SourceRow.of(names, values);
  }

  /**
   * The incoming row with absent columns filled from the stored copy, as far as that has them. A
   * complete row is returned as it is; stored columns that the incoming row does not have are gone.
   */
  public static SourceRow merge(SourceRow incoming, byte[] bson) {
    if (incoming.complete()) {
      return incoming;
    }
    SqlValue[] values = new SqlValue[incoming.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = incoming.value(i);
    }
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(bson))) {
      reader.readStartDocument();
      BsonType type;
      while ((type = reader.readBsonType()) != BsonType.END_OF_DOCUMENT) {
        int index = incoming.layout().indexOf(reader.readName());
        if (index >= 0 && values[index] == SqlValue.ABSENT) {
          values[index] = value(reader, type);
        } else {
          reader.skipValue();
        }
      }
    }
    return new SourceRow(incoming.layout(), values);
  }

  /** How much a row counts towards the limits of a queue (5.3); null is an absent row. */
  public static long estimatedSize(SourceRow row) {
    if (row == null) {
      return ABSENT_ROW_SIZE;
    }
    long size = 0;
    for (int i = 0; i < row.size(); i++) {
      size += MEMBER_SIZE + row.layout().name(i).length() + valueSize(row.value(i));
    }
    return size;
  }

  private static int valueSize(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value().length();
    }
    if (value instanceof SqlValue.Blob blob) {
      return blob.bytes().length;
    }
    return value == SqlValue.NULL || value == SqlValue.ABSENT ? NO_VALUE_SIZE : NUMBER_SIZE;
  }

  static SqlValue value(BsonBinaryReader reader, BsonType type) {
    switch (type) {
      case STRING:
        return SqlValue.of(reader.readString());
      case INT64:
        return SqlValue.of(reader.readInt64());
      case INT32:
        return SqlValue.of((double) reader.readInt32());
      case DOUBLE:
        return SqlValue.of(reader.readDouble());
      case NULL:
        reader.readNull();
        return SqlValue.NULL;
      case BINARY:
        return binary(reader.readBinaryData());
      default:
        throw new PowerSyncException(
                ErrorCode.PSYNC_S0001, "Stored row holds a value of an unknown type")
            .with("type", type);
    }
  }

  private static SqlValue binary(BsonBinary binary) {
    if (binary.getType() != UUID_SUBTYPE) {
      return new SqlValue.Blob(binary.getData());
    }
    ByteBuffer bytes = ByteBuffer.wrap(binary.getData());
    return SqlValue.of(new UUID(bytes.getLong(), bytes.getLong()).toString());
  }
}
