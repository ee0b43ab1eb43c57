package org.powersync.jakarta.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;

/**
 * Identifies a source row within its table, by the bytes of its {@code source_key} (storage
 * sections 3.2 and 3.3). Equal iff those bytes are equal. The array is not copied.
 */
public final class ReplicaId {
  /** Length, type and name of the only member, length and subtype of a UUID. */
  private static final byte[] UUID_HEAD = {0x1E, 0, 0, 0, 0x05, 'i', 'd', 0, 0x10, 0, 0, 0, 0x04};

  private final byte[] sourceKey;
  private final int hash;

  /**
   * @param sourceKey BSON of a document with the single member {@code id}
   */
  public ReplicaId(byte[] sourceKey) {
    this.sourceKey = Objects.requireNonNull(sourceKey);
    this.hash = Arrays.hashCode(sourceKey);
  }

  /** The id of a row of a relational source. */
  public static ReplicaId of(UUID id) {
    byte[] key = Arrays.copyOf(UUID_HEAD, UUID_HEAD.length + 2 * Long.BYTES + 1);
    ByteBuffer.wrap(key)
        .putLong(UUID_HEAD.length, id.getMostSignificantBits())
        .putLong(UUID_HEAD.length + Long.BYTES, id.getLeastSignificantBits());
    return new ReplicaId(key);
  }

  public byte[] sourceKey() {
    return sourceKey;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplicaId that
        && hash == that.hash
        && Arrays.equals(sourceKey, that.sourceKey);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(sourceKey);
  }
}
