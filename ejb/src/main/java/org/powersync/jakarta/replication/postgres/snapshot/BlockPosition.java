package org.powersync.jakarta.replication.postgres.snapshot;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.bson.io.BasicOutputBuffer;

/**
 * A block of a table, up to which it is copied. Only for tables without a key to go by: for those
 * the other implementation keeps nothing here and begins anew.
 *
 * @param file of the table; blocks of another file, after a rewrite of the table, hold other rows
 * @param block first one that is not copied
 */
record BlockPosition(long file, long block) implements ResumePoint {
  private static final String FILE = "x_file";
  private static final String BLOCK = "x_block";

  @Override
  public byte[] toBson() {
    BasicOutputBuffer out = new BasicOutputBuffer();
    try (BsonBinaryWriter writer = new BsonBinaryWriter(out)) {
      writer.writeStartDocument();
      writer.writeInt64(FILE, file);
      writer.writeInt64(BLOCK, block);
      writer.writeEndDocument();
    }
    return out.toByteArray();
  }

  /** Reads a stored position; empty when it is not one. */
  static Optional<BlockPosition> fromBson(byte[] stored) {
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(stored))) {
      reader.readStartDocument();
      boolean ours = reader.readBsonType() == BsonType.INT64 && reader.readName().equals(FILE);
      return ours
          ? Optional.of(new BlockPosition(reader.readInt64(), reader.readInt64(BLOCK)))
          : Optional.empty();
    }
  }
}
