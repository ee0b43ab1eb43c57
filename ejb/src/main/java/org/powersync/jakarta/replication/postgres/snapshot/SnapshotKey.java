package org.powersync.jakarta.replication.postgres.snapshot;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.bson.io.BasicOutputBuffer;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The key of the last row of a chunk, as text; stored as a BSON document with one member named like
 * the key column (replication section 2.4).
 *
 * @param column the key column
 * @param text the key as the source prints it
 */
record SnapshotKey(SourceColumn column, String text) implements ResumePoint {
  private static final Set<Long> INTEGERS = Set.of(20L, 21L, 23L);

  static SnapshotKey of(SourceColumn column, SqlValue value) {
    return new SnapshotKey(column, text(value));
  }

  /** The text of a key value. */
  static String text(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value();
    }
    if (value instanceof SqlValue.Int integer) {
      return Long.toString(integer.value());
    }
    throw new PowerSyncException(ErrorCode.PSYNC_S1101, "Unexpected value in a key column")
        .with("kind", value.getClass().getSimpleName());
  }

  /** A text of a value that the source reads as the same value; empty when there is none. */
  static Optional<String> literal(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return Optional.of(text.value());
    }
    if (value instanceof SqlValue.Int integer) {
      return Optional.of(Long.toString(integer.value()));
    }
    if (value instanceof SqlValue.Real real) {
      return Optional.of(Double.toString(real.value()));
    }
    return value instanceof SqlValue.Blob blob
        ? Optional.of("\\x" + HexFormat.of().formatHex(blob.bytes()))
        : Optional.empty();
  }

  @Override
  public byte[] toBson() {
    BasicOutputBuffer out = new BasicOutputBuffer();
    try (BsonBinaryWriter writer = new BsonBinaryWriter(out)) {
      writer.writeStartDocument();
      if (INTEGERS.contains(column.typeOid())) {
        writer.writeInt64(column.name(), Long.parseLong(text));
      } else {
        writer.writeString(column.name(), text);
      }
      writer.writeEndDocument();
    }
    return out.toByteArray();
  }

  /**
   * Reads a stored key.
   *
   * @throws PowerSyncException {@code PSYNC_S1101} when it is of another column
   */
  static SnapshotKey fromBson(SourceColumn column, byte[] stored) {
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(stored))) {
      reader.readStartDocument();
      BsonType type = reader.readBsonType();
      Optional<String> name =
          type == BsonType.END_OF_DOCUMENT ? Optional.empty() : Optional.of(reader.readName());
      if (!name.equals(Optional.of(column.name()))) {
        throw new PowerSyncException(
                ErrorCode.PSYNC_S1101, "The stored progress of a copy is of another key column")
            .with("expected", column.name())
            .with("found", name.orElse("nothing"));
      }
      return new SnapshotKey(
          column,
          switch (type) {
            case INT64 -> Long.toString(reader.readInt64());
            case INT32 -> Integer.toString(reader.readInt32());
            default -> reader.readString();
          });
    }
  }
}
