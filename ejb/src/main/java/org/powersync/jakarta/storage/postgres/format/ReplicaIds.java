package org.powersync.jakarta.storage.postgres.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.syncconfig.value.BsonWriter;
import org.powersync.jakarta.syncconfig.value.NameUuid;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Replica ids as {@code source_key} bytes, and the subkeys made of them (storage section 3.3). */
public final class ReplicaIds {
  /** Length, type and name of the only member, length and subtype of a UUID. */
  private static final byte[] UUID_HEAD = {0x1E, 0, 0, 0, 0x05, 'i', 'd', 0, 0x10, 0, 0, 0, 0x04};

  private static final int UUID_KEY_LENGTH = UUID_HEAD.length + 2 * Long.BYTES + 1;

  private ReplicaIds() {}

  /** The id of a row of a relational source. */
  public static ReplicaId of(UUID id) {
    return ReplicaId.of(id);
  }

  /** The id of a row whose source identifies it by a plain value. */
  public static ReplicaId of(SqlValue id) {
    return new ReplicaId(new BsonWriter().member("id", id).finish());
  }

  /**
   * Tells clients apart two rows with the same type and id.
   *
   * @param sourceTable id of the source table
   * @param sourceKey as stored
   */
  public static String subkey(String sourceTable, byte[] sourceKey) {
    if (holdsUuid(sourceKey)) {
      ByteBuffer bytes = ByteBuffer.wrap(sourceKey);
      UUID id =
          new UUID(bytes.getLong(UUID_HEAD.length), bytes.getLong(UUID_HEAD.length + Long.BYTES));
      return sourceTable + "/" + id;
    }
    return NameUuid.of(subkeyName(sourceTable, sourceKey)).toString();
  }

  /** The document of the members {@code table} and {@code id}, the latter as in the source key. */
  static byte[] subkeyName(String sourceTable, byte[] sourceKey) {
    byte[] table = new BsonWriter().member("table", SqlValue.of(sourceTable)).finish();
    int idLength = sourceKey.length - Integer.BYTES - 1;
    ByteBuffer name = ByteBuffer.allocate(table.length + idLength).order(ByteOrder.LITTLE_ENDIAN);
    name.put(table, 0, table.length - 1);
    name.put(sourceKey, Integer.BYTES, idLength);
    name.put((byte) 0);
    name.putInt(0, name.capacity());
    return name.array();
  }

  private static boolean holdsUuid(byte[] sourceKey) {
    return sourceKey.length == UUID_KEY_LENGTH
        && Arrays.equals(sourceKey, 0, UUID_HEAD.length, UUID_HEAD, 0, UUID_HEAD.length);
  }
}
